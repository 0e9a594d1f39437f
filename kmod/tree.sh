#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What build and overlay share. Sourced, with `set -eu` on.

here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)

case $(uname -m) in
ppc*) ;;
*) : "${ARCH:=powerpc}" "${CROSS_COMPILE:=powerpc-linux-gnu-}" ;;
esac

die() {
	echo "kmod/${0##*/}: $*" >&2
	exit 1
}

usage() {
	echo "usage: $0 $*" >&2
	exit 2
}

# Other versions may compile; none of them was ever run.
check_version() { # TREE
	local version

	[ -e "$1/Makefile" ] || die "$1 is not a kernel tree (no Makefile)"
	version=$(make -s -C "$1" --no-print-directory kernelversion 2>/dev/null) ||
		die "$1 is not a kernel tree (its Makefile knows no kernelversion)"
	case $version in
	6.1 | 6.1[.-]* | 6.12 | 6.12[.-]*) ;;
	*) die "$1 is Linux $version; supported are 6.1 and 6.12" ;;
	esac
}

# The sources as Kbuild wants them, core/ below kmod/
copy_sources() { # DIRECTORY
	mkdir -p "$1/core"
	cp -pRu "$here/." "$1"
	cp -pu "$here"/../core/*.[ch] "$1/core"
}
