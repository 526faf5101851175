"""summary.py STATUS STATIONS VERIFIED: the demo's closing table."""
import json
import sys

status, stations = (json.load(open(p)) for p in sys.argv[1:3])
verified = open(sys.argv[3]).read().split()
s = status["summary"]


def row(zh, en, value):
    print(f"  {zh:<10}\t{en:<26}{value:>8}")


row("申请", "applied", s["applied"])
row("不予办理", "refused", s["refused"])
for ground, count in s["refusals"].items():
    row("  其中", "  " + ground, count)
row("退回补正", "returned for correction", s["returned"])
row("制成", "made", s["made"])
row("废卡", "spoiled", s["spoiled"])
for ground, count in s["spoilings"].items():
    row("  其中", "  " + ground, count)
for count, verdict in zip(verified[::2], verified[1::2]):
    row("核验", "printed QR says " + verdict, count)

phases = {}
cards = 0
for st in stations["stations"]:
    cards += st["made"]
    for key, ms in st["sum"].items():
        phases[key] = phases.get(key, 0) + ms
if cards:
    print("\n  每张卡用时 (毫秒)  milliseconds a card, and where they went")
    total = phases.pop("total_ms")
    link, cpu = phases.pop("transport_ms"), phases.pop("cpu_ms")
    for key, ms in phases.items():
        print(f"    {key:<12}{ms / cards:9.1f}")
    print(f"    {'total':<12}{total / cards:9.1f}")
    print(f"    of it in the reader {link / cards:.1f}, host CPU {cpu / cards:.1f}")
sys.exit(0 if s["jobs_waiting"] + s["jobs_running"] + s["jobs_dead"] == 0 else 1)
