/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the server share. */
#ifndef VM44X_SHARE_SERVER_H
#define VM44X_SHARE_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "share/codec.h"
#include "share/fid.h"
#include "share/share.h"

/* The largest message that is not data: a walk, or a link with its target. */
#define SERVER_BUFFER 8192

struct share {
	int root; /* of O_PATH */
	bool read_only;
	bool gives; /* whoever makes a file in the guest is its owner */
	enum owner_mode owner;
	uint32_t message_max; /* as agreed; 0: not yet */
	struct fid_table fids;
	uint8_t request[SERVER_BUFFER], answer[SERVER_BUFFER];
};

/* A request that is carried out. */
struct call {
	struct share *share;
	struct p9_reader in;
	struct p9_writer out;
	const struct share_message *message;
	uint32_t request_size;
	uint32_t room_size; /* what the answer may take */
	uint32_t data; /* bytes in the room that follow what out has */
};

/*
 * A function for each type of request: it reads its arguments, returns with in.error if they
 * are wrong, and writes the answer. Returns 0 or a negative error number, which is the answer then.
 */
typedef int call_fn(struct call *c);

call_fn call_getattr, call_setattr, call_statfs;
call_fn call_open, call_create, call_read, call_write, call_fsync, call_readdir;
call_fn call_lock, call_getlock;
call_fn call_mkdir, call_symlink, call_mknod, call_link, call_renameat, call_unlinkat;
call_fn call_readlink;

/* The fid whose number is next in the request; NULL, and in.error, if there is none. */
struct fid *call_fid(struct call *c);

/* The same, and it must be open. */
struct fid *call_open_fid(struct call *c);

/* What the guest sees of a file. An error closes fd. */
int call_stat(const struct call *c, int fd, struct stat *st);

/* The identity of a file. */
void call_put_qid(struct call *c, const struct stat *st);

/* After a Tlopen or Tlcreate: the file's identity, and how much is read or written at once. */
void call_put_opened(struct call *c, const struct stat *st);

/*
 * A file was just made: it gets its owner, unless mode is OWNER_KEEP its type and rights, and
 * st tells of it.
 */
int call_give(struct call *c, int fd, const struct owner *owner, struct stat *st);

#endif
