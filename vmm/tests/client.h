/* SPDX-License-Identifier: GPL-2.0-only */
/* A client of a share, for the tests: requests as a format says, answers to be read. */
#ifndef VM44X_TESTS_CLIENT_H
#define VM44X_TESTS_CLIENT_H

#include "share/codec.h"
#include "share/p9.h"
#include "share/share.h"

#define CLIENT_SIZE 0x10000 /* of messages */
#define CLIENT_ROOT 0 /* the fid of the root */

extern char client_dir[64]; /* a directory of the host's, for the test: "DIR/share" is shared */
extern struct share *client_share;
extern struct p9_reader client_answer; /* behind the header */

/* A fresh directory; client_end removes it with all that is in it. */
void client_begin(void);
void client_end(void);

/* Open the share, so many files at most, agree about the version, and attach. */
void client_attach(bool read_only, enum owner_mode owner, unsigned int files);

/*
 * A request: format has a digit for each number, of so many bytes (8: a uint64_t), and s for a
 * string. Returns 0, or the error number of the answer.
 */
int client_call(uint8_t type, const char *format, ...);

/* The bytes of a message in format's way, behind its header; returns its end. */
uint8_t *client_write(uint8_t *message, uint8_t type, const char *format, ...);

/* Walk from the root to one name. */
int client_walk(uint32_t fid, const char *name);

/* Walk, and open with these flags. */
int client_open(uint32_t fid, const char *name, uint32_t flags);

/* The path of a file in the test's directory, until the fourth next call. */
const char *client_path(const char *name);

/* A file of the host's with that text. */
void client_put(const char *name, const char *text);

/* Its text. */
const char *client_get(const char *name);

#endif
