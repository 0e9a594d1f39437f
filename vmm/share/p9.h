/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The numbers of 9P2000.L, the file protocol of Linux's v9fs. A message is its size, its type
 * and its tag, then what its type says, all of it little-endian; the type of an answer is the
 * request's and one. Names and values of constants are those of Linux's clients and servers.
 */
#ifndef VM44X_SHARE_P9_H
#define VM44X_SHARE_P9_H

#define P9_VERSION "9P2000.L"

enum {
	P9_RLERROR = 7,
	P9_TSTATFS = 8,
	P9_TLOPEN = 12,
	P9_TLCREATE = 14,
	P9_TSYMLINK = 16,
	P9_TMKNOD = 18,
	P9_TRENAME = 20,
	P9_TREADLINK = 22,
	P9_TGETATTR = 24,
	P9_TSETATTR = 26,
	P9_TXATTRWALK = 30,
	P9_TXATTRCREATE = 32,
	P9_TREADDIR = 40,
	P9_TFSYNC = 50,
	P9_TLOCK = 52,
	P9_TGETLOCK = 54,
	P9_TLINK = 70,
	P9_TMKDIR = 72,
	P9_TRENAMEAT = 74,
	P9_TUNLINKAT = 76,
	P9_TVERSION = 100,
	P9_TAUTH = 102,
	P9_TATTACH = 104,
	P9_TFLUSH = 108,
	P9_TWALK = 110,
	P9_TREAD = 116,
	P9_TWRITE = 118,
	P9_TCLUNK = 120,
	P9_TREMOVE = 122,
	P9_TYPES = 128
};

#define P9_HEADER   7 /* size, type, tag */
#define P9_ERROR    (P9_HEADER + 4) /* an error as answer */
#define P9_IO	    (P9_HEADER + 4) /* before the data of an answer: their length */
#define P9_IO_ROOM  24 /* what clients leave for what stands beside data */
#define P9_WALK_MAX 16 /* names in one Twalk */

#define P9_NO_FID  0xffffffffu
#define P9_NO_USER 0xffffffffu

/* Types of a qid */
#define P9_QID_DIR     0x80
#define P9_QID_SYMLINK 0x02

/* Flags of Tlopen and Tlcreate: Linux's own, as most of its machines have them */
#define P9_O_ACCESS    03
#define P9_O_EXCL      0200
#define P9_O_TRUNC     01000
#define P9_O_APPEND    02000
#define P9_O_DSYNC     010000
#define P9_O_DIRECTORY 0200000
#define P9_O_SYNC      04000000 /* beside DSYNC */

#define P9_AT_REMOVEDIR 0x200

/* What Tgetattr tells: all that stat() does */
#define P9_GETATTR_BASIC 0x7ff

/* What Tsetattr sets */
#define P9_SETATTR_MODE	     0x001
#define P9_SETATTR_UID	     0x002
#define P9_SETATTR_GID	     0x004
#define P9_SETATTR_SIZE	     0x008
#define P9_SETATTR_ATIME     0x010
#define P9_SETATTR_MTIME     0x020
#define P9_SETATTR_ATIME_SET 0x080 /* to the time given, not to now */
#define P9_SETATTR_MTIME_SET 0x100

#define P9_LOCK_UNLCK	2
#define P9_LOCK_SUCCESS 0

#endif
