"""What Hufu is made of, as SPDX 2.3: sbom.py SOURCE VERSION OUT PROGRAM...

Debian packages that the programs load, those that `dev` installs to build and
test, and the npm packages of package-lock.json; versions and licences as dpkg
and the lock know them. A licence whose name is none of SPDX is NOASSERTION,
with Debian's own words as a comment.
"""
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys

source, version, out, *programs = sys.argv[1:]
SPDX = {
    "apache-2.0": "Apache-2.0", "expat": "MIT", "mit": "MIT", "isc": "ISC",
    "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause",
    "zlib": "Zlib", "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later",
    "gpl-3": "GPL-3.0-only", "gpl-3+": "GPL-3.0-or-later",
    "lgpl-2": "LGPL-2.0-only", "lgpl-2+": "LGPL-2.0-or-later",
    "lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later",
    "lgpl-3+": "LGPL-3.0-or-later", "mpl-1.1": "MPL-1.1",
    "cc0-1.0": "CC0-1.0", "cc0": "CC0-1.0", "ofl-1.1": "OFL-1.1",
    "curl": "curl", "psf-2": "PSF-2.0", "artistic": "Artistic-1.0",
}


def run(*command):
    return subprocess.run(command, text=True, capture_output=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout


def loaded_packages():
    files = set()
    for program in programs:
        files |= set(re.findall(r"=> (/\S+)", run("ldd", program)))
    names = set()
    for path in files:
        for name in {path, os.path.realpath(path), "/usr" + path}:
            found = run("dpkg-query", "-S", name)
            if found:
                names.add(re.split("[:,]", found)[0])
                break
        else:
            sys.exit(f"sbom: no package owns {path}")
    return names


def build_packages():
    with open(source + "/dev", encoding="utf-8") as f:
        body = re.search(r"^packages=\((.*?)^\)", f.read(), re.S | re.M)
    return set(re.sub(r"#.*", "", body.group(1)).split())


def debian_licence(name):
    try:
        with open(f"/usr/share/doc/{name}/copyright", encoding="utf-8",
                  errors="replace") as f:
            text = f.read()
    except OSError:
        return "NOASSERTION", ""
    words = re.findall(r"^License:[ \t]*(\S.*)$", text, re.M)
    words = sorted({w.strip() for w in words})
    known = {SPDX.get(w.lower()) for w in words}
    if words and None not in known:
        return " AND ".join(sorted(known)), ""
    return "NOASSERTION", "; ".join(words)[:500]


def package(kind, name, release, licence, purl, **more):
    ident = re.sub(r"[^A-Za-z0-9.-]", "-", f"{kind}-{name}-{release}")
    return {"SPDXID": "SPDXRef-" + ident, "name": name,
            "versionInfo": release, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": "NOASSERTION",
            "licenseDeclared": licence, "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER",
                              "referenceType": "purl",
                              "referenceLocator": purl}], **more}


def debian_package(name):
    line = run("dpkg-query", "-W", "-f=${Version}\t${Architecture}", name)
    if "\t" not in line:
        return None # an alternative that is not installed here
    release, arch = line.split("\n")[0].split("\t")
    licence, words = debian_licence(name)
    more = {"licenseComments": "Debian: " + words} if words else {}
    purl = f"pkg:deb/debian/{name}@{release}?arch={arch}".replace("+", "%2B")
    return package("deb", name, release, licence, purl, **more)


def npm_packages():
    with open(source + "/package-lock.json", encoding="utf-8") as f:
        lock = json.load(f)
    for path, entry in sorted(lock["packages"].items()):
        if "node_modules/" not in path or entry.get("link"):
            continue
        name = path.rsplit("node_modules/", 1)[1]
        licence = entry.get("license", "NOASSERTION")
        if not re.fullmatch(r"[A-Za-z0-9.+() -]+", licence):
            licence = "NOASSERTION"
        purl = f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}"
        yield package("npm", name, entry["version"], licence, purl), \
            bool(entry.get("dev"))


def created():
    stamp = os.environ.get("SOURCE_DATE_EPOCH") or \
        run("git", "-C", source, "log", "-1", "--format=%ct").strip() or "0"
    at = datetime.datetime.fromtimestamp(int(stamp), datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


root = package("hufu", "hufu", version, "Apache-2.0",
               f"pkg:generic/hufu@{version}")
packages, relations = {root["SPDXID"]: root}, set()


def add(found, kind):
    packages[found["SPDXID"]] = found
    if kind == "DEPENDS_ON":
        relations.add((root["SPDXID"], kind, found["SPDXID"]))
    else:
        relations.add((found["SPDXID"], kind, root["SPDXID"]))


needed = loaded_packages()
for name in sorted(needed):
    add(debian_package(name), "DEPENDS_ON")
for name in sorted(build_packages() - needed):
    found = debian_package(name)
    if found:
        add(found, "BUILD_DEPENDENCY_OF")
for found, only_built_with in npm_packages():
    add(found, "BUILD_DEPENDENCY_OF" if only_built_with else "DEPENDS_ON")

document = {
    "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0",
    "SPDXID": "SPDXRef-DOCUMENT", "name": f"hufu-{version}",
    "creationInfo": {"created": created(),
                     "creators": ["Tool: hufu-sbom"]},
    "packages": [packages[key] for key in sorted(packages)],
    "relationships": [
        {"spdxElementId": "SPDXRef-DOCUMENT",
         "relationshipType": "DESCRIBES",
         "relatedSpdxElement": root["SPDXID"]}] + [
        {"spdxElementId": a, "relationshipType": kind,
         "relatedSpdxElement": b} for a, kind, b in sorted(relations)],
}
content = json.dumps(document["packages"], sort_keys=True).encode()
document["documentNamespace"] = \
    f"https://hufu.example/spdx/hufu-{version}-" + \
    hashlib.sha256(content).hexdigest()[:32]
with open(out, "w", encoding="utf-8") as f:
    json.dump(document, f, indent=1, ensure_ascii=False)
    f.write("\n")
