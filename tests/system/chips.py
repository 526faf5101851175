"""chips.py FILE COUNT: verdicts of the chips proven genuine, counted."""
import collections
import json
import sys

text = open(sys.argv[1]).read()
decoder = json.JSONDecoder()
verdicts = collections.Counter()
at = 0
while at < len(text):
    if text[at].isspace():
        at += 1
        continue
    value, at = decoder.raw_decode(text, at)
    if value["chip_genuine"]:
        verdicts[value["verdict"]] += 1
print("芯片 chips:", ", ".join(f"{n} {v}" for v, n in verdicts.items()))
sys.exit(0 if sum(verdicts.values()) == int(sys.argv[2]) else 1)
