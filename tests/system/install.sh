#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# `make install` puts each file where it belongs, and what is there works.
. "${0%/*}/lib.sh"
cd "$top"
unset MAKEFLAGS MAKELEVEL MFLAGS

root=$work/root
make install DESTDIR="$root" PREFIX=/usr KDIR="$build/kernel/$host_kernel" >"$work/log" 2>&1 ||
	fail "status $?: $(cat "$work/log")"
release=$(cat "$build/kernel/$host_kernel/include/config/kernel.release")
same "the files" "644 lib/modules/$release/updates/kvm44x.ko
755 usr/bin/vm44x
644 usr/share/bash-completion/completions/vm44x
644 usr/share/man/man1/vm44x.1" "$(find "$root" -type f -printf '%m %P\n' | sort -k 2)"
between "bytes of the program" 100000 3000000 "$(stat -c %s "$root/usr/bin/vm44x")"
same "the page" "vm44x - run PowerPC 440 virtual machines by KVM" \
	"$(mandoc -T ascii "$root/usr/share/man/man1/vm44x.1" | col -b | sed -n 's/^ *\(vm44x - .*\)/\1/p')"

host_options=(--no-module --add "$root/usr/bin/vm44x:/usr/bin/vm44x"
	--add "$root/lib/modules/$release/updates/kvm44x.ko:/kvm44x.ko"
	--add "$build/guest/smoke.elf:/smoke.elf")
host 'insmod /kvm44x.ko && vm44x run -k /smoke.elf -m 64 --uart1 /tmp/out </dev/null >/dev/console &&
	[ -s /tmp/out ]'
