#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guests: 6.1-virtio
# Needs: guest-image
# Timeout: 360
# The guest image: its programs do their work in a VM, ssh lets in by key and nobody else, and
# what was written is there at the next boot, of a file system that was left clean.
. "${0%/*}/lib.sh"

cp --sparse=always "$build/guest-image.img" "$work/image"

cat >"$work/first" <<END
key='$(base64 -w 0 "$build/guest-image.key")'
END
cat >>"$work/first" <<'END'
fail() {
	echo "FAIL: $*"
	exit 1
}
same() { # WHAT EXPECTED GOT
	[ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}
cd /root || exit

same sqlite3 "500500 ok" "$(sqlite3 test.db 'create table t(n);
	with recursive c(n) as (select 1 union all select n + 1 from c where n < 1000) insert into t select n from c;
	select sum(n) from t; pragma integrity_check' | paste -sd ' ')"

same "openssl dgst" ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad \
	"$(printf abc | openssl dgst -r -sha256 | cut -d ' ' -f 1)"
openssl ecparam -name prime256v1 -genkey -noout -out ec.key &&
	openssl dgst -sha256 -sign ec.key -out signature test.db &&
	openssl dgst -sha256 -prverify ec.key -signature signature test.db >/dev/null || fail "openssl: a signature"

# without the tests that take long
MEMTESTER_TEST_MASK=0x1ff memtester 512K 1 >out 2>&1 || fail "memtester: $(tail -n 3 out)"
fio --name=test --size=2M --bs=4k --rw=randwrite --verify=crc32c --end_fsync=1 >out 2>&1 ||
	fail "fio: $(tail -n 3 out)"
rm test.0.0

nuttcp -S
for way in -t -r; do
	nuttcp $way -n 4m 127.0.0.1 | grep -q '4\.0000 MB' || fail "nuttcp $way"
done

echo "$key" | base64 -d >/tmp/key
same ssh "Linux guest" "$(dbclient -y -i /tmp/key localhost uname -sn 2>/dev/null)"
dbclient -y localhost true 2>/dev/null && fail "ssh without the key"
printf '%s\n' '#!/bin/sh' 'exec dbclient -y "$@"' >ssh && chmod +x ssh
scp -S /root/ssh -i /tmp/key test.db localhost:copy.db 2>/dev/null && cmp test.db copy.db || fail "scp"
dropbearkey -y -f /etc/dropbear/host-key | grep -o 'ssh-ed25519 [^ ]*' >host-key
END

cat >"$work/second" <<'END'
sqlite3 /root/test.db 'select count(*) from t' && dropbearkey -y -f /etc/dropbear/host-key | grep -qf /root/host-key
END

host_options=(--guest-kernel 6.1-virtio --disk "$work/image"
	--add "$work/first:/first" --add "$work/second:/second")
# shellcheck disable=SC2016 # for the host's shell
host '
	guest -d /dev/vda -- "$(cat /first)" || fail "the first boot: $?"
	[ "$(guest -d /dev/vda -- "$(cat /second)")" = 1000 ] || fail "the second boot"
	guest -d /dev/vda -- "exit 7"
	[ $? = 7 ] || fail "the status of a command"

	# somebody logs in
	login() { # OPTION...
		: >/tmp/out
		{
			until grep -q "^guest:" /tmp/out; do sleep 0.2; done
			echo poweroff
		} | vm44x run -k /guest/vmlinux -d /dev/vda "$@" >/tmp/out
	}
	login -a "root=/dev/vda rw console=ttyS0" || fail "a console: $?"
	login -a "root=/dev/vda rw" || fail "a virtio console: $?"' || fail "in the VM: $?"

e2fsck -f -n "$work/image" >"$work/fsck" 2>&1 || fail "the file system: $(cat "$work/fsck")"
state=$(dumpe2fs -h "$work/image" 2>/dev/null)
match "the file system" "state: +clean$" "$state"
! grep -q needs_recovery <<<"$state" || fail "the journal of the file system is not empty"
