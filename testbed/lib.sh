#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the scripts of the testbed share. Sourced, with `set -eu` on.

top=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
build=$top/build
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kvm44x

cross=powerpc-linux-gnu-
# Kernels are named VERSION-CONFIG. The one that programs are built with:
kernel=6.1-kvm44x
# The host's, and the one of its guests and of the bare machine beside them
host_kernel=${KVM44X_HOST:-$kernel}
guest_kernel=${KVM44X_GUEST:-$kernel}

# Its machine
host_machine=${KVM44X_MACHINE:-bamboo}

# How many times as long everything may take on a host
patience() { # HOST-KERNEL
	case $1 in
	*-debug | *-kasan) echo 8 ;;
	*) echo 1 ;;
	esac
}

note() {
	echo "kvm44x: $*" >&2
}

die() {
	note "$@"
	exit 125
}

# Shows that a long step is alive: copies nothing, counts the lines on stdin.
progress() { # WHAT
	local n=0 start=$SECONDS

	if [ ! -t 2 ]; then
		note "$1 ..."
		cat >/dev/null
		note "$1: done in $((SECONDS - start)) s"
		return
	fi
	while read -r _; do
		n=$((n + 1))
		printf '\rkvm44x: %s: %d steps, %d s ' "$1" "$n" $((SECONDS - start)) >&2
	done
	printf '\rkvm44x: %s: done in %d s        \n' "$1" $((SECONDS - start)) >&2
}

# Runs a long step with its output in a log; says which log if it fails.
step() { # WHAT LOG COMMAND...
	local what=$1 log=$2
	shift 2

	"$@" </dev/null 2>&1 | tee -a "$log" | progress "$what"
	[ "${PIPESTATUS[0]}" = 0 ] || die "$what failed, see $log"
}

# Makes $dir, a directory of the cache: COMMAND fills it from within, once. A
# directory without the stamp is the rest of an interrupted build.
cached() { # NAME KEY COMMAND...
	local name=$1 lock
	dir=$cache/$name-$2
	shift 2

	[ ! -e "$dir/.complete" ] || return 0
	mkdir -p "$cache"
	exec {lock}>"$cache/$name.lock"
	flock "$lock"
	if [ ! -e "$dir/.complete" ]; then
		rm -rf "$dir"
		mkdir "$dir"
		(cd "$dir" && "$@")
		touch "$dir/.complete"
	fi
	exec {lock}>&-
}

# A short name for the contents of FILES and STRINGS that something is built from
hash_of() { # FILE|STRING...
	local input

	for input; do
		if [ -e "$input" ]; then
			cat "$input"
		else
			echo "$input"
		fi
	done | sha256sum | cut -c 1-12
}

# Points build/LINK at an artefact of the cache
link_build() { # LINK TARGET
	local link=$build/$1

	[ "$(readlink "$link" || true)" != "$2" ] || return 0
	mkdir -p "${link%/*}"
	ln -sfn "$2" "$link"
}

# Unpacks Debian's source of PACKAGE, with Debian's patches, as ./source; with
# "upstream" only what Debian has from there, without its own part. By a private
# list of source packages: the machine's own lists usually name binary packages
# only, and are not ours to change.
debian_source() { # PACKAGE [upstream]
	local sources=$PWD/debian.list lists=$PWD/lists version
	local keys=/usr/share/keyrings/debian-archive-keyring.gpg
	local private=(-o Dir::Etc::SourceList="$sources" -o Dir::Etc::SourceParts=-
		-o Dir::State::Lists="$lists" -o APT::Sandbox::User=root)

	# shellcheck disable=SC2016 # apt's variables
	apt-get indextargets 'Created-By: Packages' 'Origin: Debian' \
		--format '$(REPO_URI) $(RELEASE) $(COMPONENT)' |
		sort -u | sed "s|^|deb-src [signed-by=$keys] |" >"$sources"
	[ -s "$sources" ] || { echo "apt knows no Debian archive" && return 1; }
	mkdir -p "$lists/partial"
	apt-get -q "${private[@]}" update || return 1
	# Mirrors lag: one may not have yet what a list of security updates names.
	while read -r version; do
		! apt-get -q "${private[@]}" source ${2:+--tar-only} "$1=$version" || break
	done < <(apt-cache "${private[@]}" showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -rV)
	if [ "${2-}" ]; then
		mkdir source && tar -xf "$1"_*.orig.tar.* -C source --strip-components=1
	else
		mv "$1"-*/ source
	fi && rm -r "$lists"
}
