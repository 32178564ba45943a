#!/usr/bin/env bash
# Makes the root file system of an image in which one program runs: make_root.sh DIRECTORY VERSION PROGRAM [PART…]
#
# In it are the program, and the parts of it that are programs of their own; the shared libraries they load and their
# loader; certificate authorities and time zones; what the C library wants to know (users, name services); and what
# licences and scanners ask for: each package's copyright file, its entry in dpkg's database (var/lib/dpkg/status.d, where
# scanners look in images without dpkg), and a list of all of them in the form of CycloneDX
# (usr/share/doc/PROGRAM/sbom.cdx.json).
set -euo pipefail
export LC_ALL=C

root=$1
version_of_program=$2
program=$3
parts=("${@:4}")
name=${program##*/}
documents=$root/usr/share/doc
mkdir -p "$root"/{etc/ssl/certs,usr/bin,usr/lib,usr/share,var/lib/dpkg/status.d} "$documents/$name"
mkdir -m 1777 "$root/tmp"
for folder in bin lib lib64; do
  [ -L "/$folder" ] && ln -s "usr/$folder" "$root/$folder"
done

strip -o "$root/usr/bin/$name" "$program"
for part in "${parts[@]}"; do
  mkdir -p "$root/usr/libexec/$name"
  strip -o "$root/usr/libexec/$name/${part##*/}" "$part"
done

# Lines of ldd: `libpq.so.5 => /lib/x86_64-linux-gnu/libpq.so.5 (0x…)`, the loader without an arrow, the kernel's own page
# without a file.
libraries=$(for file in "$program" "${parts[@]}"; do ldd "$file"; done | awk '$2 == "=>" && $3 ~ /^\// { print $3; next } $1 ~ /^\// { print $1 }' | sort -u)
for library in $libraries; do
  mkdir -p "$root/usr${library%/*}"
  cp -L "$library" "$root/usr$library"
done

cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp -a /usr/share/zoneinfo "$root/usr/share/"
rm -rf "$root/usr/share/zoneinfo/"{posix,right,*.tab,*.list,leapseconds,tzdata.zi}
cp -L /etc/os-release "$root/etc/os-release"
echo "hosts: files dns" >"$root/etc/nsswitch.conf"
printf '%s\n' "root:x:0:0:root:/:/nonexistent" "$name:x:65532:65532::/tmp:/nonexistent" >"$root/etc/passwd"
printf '%s\n' "root:x:0:" "$name:x:65532:" >"$root/etc/group"

# The packages of it all. A file of the C library may be registered under its place before /lib became /usr/lib.
owner() {
  local file
  file=$(readlink -f "$1")
  { dpkg-query -S "$file" || dpkg-query -S "${file#/usr}"; } 2>/dev/null | sed -n '1s/[:,].*//p'
}
packages=$({
  for library in $libraries; do owner "$library"; done
  echo base-files
  echo ca-certificates
  echo tzdata
} | sort -u)

components=
declare -A same_text
for package in $packages; do
  # shellcheck disable=SC2016
  read -r version architecture source < <(dpkg-query -W -f '${Version} ${Architecture} ${source:Package}\n' "$package")
  components+=$(printf '%s\n    {"type": "library", "name": "%s", "version": "%s",\n     "purl": "pkg:deb/debian/%s@%s?arch=%s&upstream=%s"}' \
    "${components:+,}" "$package" "$version" "$package" "${version//+/%2B}" "$architecture" "$source")
  dpkg-query -s "$package" >"$root/var/lib/dpkg/status.d/$package"
  mkdir -p "$documents/$package"
  # Packages of one source have the same text.
  text=$(sha256sum <"/usr/share/doc/$package/copyright")
  if [ -n "${same_text[$text]:-}" ]; then
    ln -s "../${same_text[$text]}/copyright" "$documents/$package/copyright"
  else
    cp -L "/usr/share/doc/$package/copyright" "$documents/$package/"
    same_text[$text]=$package
  fi
done
cp LICENSE "$documents/$name/copyright"
cat >"$documents/$name/sbom.cdx.json" <<SBOM
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "version": 1,
  "metadata": {"component": {"type": "application", "name": "$name", "version": "$version_of_program"}},
  "components": [$components
  ]
}
SBOM
