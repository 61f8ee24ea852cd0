"""A real Apache Kafka and a real PostgreSQL on this machine, without Docker."""
