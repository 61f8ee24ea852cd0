from qppflow.local.probe import ask
def test_x(kafka):
    assert ask(int(kafka.rpartition(":")[2]))
