"""``python -m config.embedded start|stop|status``: the private servers by hand."""

import argparse
import os
from pathlib import Path

from config import embedded

DEFAULT_VAR = Path(__file__).resolve().parents[2] / "var"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("act", choices=["start", "stop", "status"])
    act = parser.parse_args().act
    var = os.environ.get("VAR_DIR") or DEFAULT_VAR
    try:
        if act == "start":
            servers = embedded.ensure(var)
            print(f"DATABASE_URL={servers.database_url}\nREDIS_URL={servers.redis_url}")
        elif act == "stop":
            print("Stopped:", ", ".join(embedded.stop(var)) or "nothing ran")
        else:
            print("Running:", ", ".join(embedded.alive(var)) or "nothing")
    except embedded.ServersNotStarted as trouble:
        raise SystemExit(str(trouble)) from None


if __name__ == "__main__":
    main()
