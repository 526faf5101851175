"""Holds a bill of materials against what SPDX 2.3 demands: sbom.py FILE"""
import json
import re
import sys

with open(sys.argv[1], encoding="utf-8") as f:
    doc = json.load(f)
bad = []


def need(good, what):
    if not good:
        bad.append(what)


IDENT = r"SPDXRef-[A-Za-z0-9.-]+"
KINDS = {"DESCRIBES", "DEPENDS_ON", "BUILD_DEPENDENCY_OF"}
LICENCE = r"NOASSERTION|NONE|\(?[A-Za-z0-9.+-]+( (AND|OR|WITH) \(?[A-Za-z0-9.+-]+\)?)*\)?"
need(doc["spdxVersion"] == "SPDX-2.3", "version")
need(doc["dataLicense"] == "CC0-1.0", "licence of the data")
need(doc["SPDXID"] == "SPDXRef-DOCUMENT", "the document's name")
need(re.fullmatch(r"https?://[^#\s]+", doc["documentNamespace"]), "namespace")
need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                  doc["creationInfo"]["created"]), "date")
need(all(re.match(r"(Tool|Person|Organization): ", c)
         for c in doc["creationInfo"]["creators"]), "creators")
idents = [p["SPDXID"] for p in doc["packages"]]
need(len(set(idents)) == len(idents), "double names")
for p in doc["packages"]:
    need(re.fullmatch(IDENT, p["SPDXID"]), p["SPDXID"])
    for key in ("name", "versionInfo", "downloadLocation"):
        need(p.get(key), f"{p['SPDXID']}: {key}")
    need(p["filesAnalyzed"] is False, p["SPDXID"] + ": files")
    need(re.fullmatch(LICENCE, p["licenseDeclared"]),
         p["SPDXID"] + ": " + p["licenseDeclared"])
    need(p["externalRefs"][0]["referenceLocator"].startswith("pkg:"),
         p["SPDXID"] + ": purl")
known = set(idents) | {"SPDXRef-DOCUMENT"}
linked = set()
for r in doc["relationships"]:
    need(r["relationshipType"] in KINDS, str(r))
    ends = {r["spdxElementId"], r["relatedSpdxElement"]}
    need(ends <= known, str(r))
    linked |= ends
need(set(idents) <= linked, "packages nobody needs")
names = {p["name"] for p in doc["packages"]}
need({"libssl3", "libsqlite3-0", "libevent-2.1-7", "vue", "gcc"} <= names,
     "what is surely needed")
print("\n".join(bad))
sys.exit(1 if bad else 0)
