// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "iov.h"
#include "report.h"
#include "share/file.h"
#include "share/p9.h"
#include "share/server.h"

#define MESSAGE_MIN 4096
/* A request keeps the device thread no longer than a copy of that takes. */
#define MESSAGE_MAX (512u << 10)
/* The host's memory that a client can claim is bounded by its files: 3 KB each at most. */
#define FILES_MAX   4096
#define FILES_MIN   16
#define FILES_OWN   128 /* all others that vm44x has open */

struct fid *call_fid(struct call *c)
{
	struct fid *f = fid_find(&c->share->fids, p9_get32(&c->in));

	if (!f && !c->in.error)
		c->in.error = -EBADF;
	return f;
}

struct fid *call_open_fid(struct call *c)
{
	struct fid *f = call_fid(c);

	if (f && !f->open && !c->in.error)
		c->in.error = -EBADF;
	return f;
}

int call_stat(const struct call *c, int fd, struct stat *st)
{
	int error = owner_stat(c->share->owner, fd, st);

	if (error)
		close(fd);
	return error;
}

void call_put_qid(struct call *c, const struct stat *st)
{
	const uint8_t type = S_ISDIR(st->st_mode)   ? P9_QID_DIR
			     : S_ISLNK(st->st_mode) ? P9_QID_SYMLINK
						    : 0;

	p9_put8(&c->out, type);
	/* the version of the contents: caches of the client's ask for it */
	p9_put32(&c->out, st->st_mtim.tv_sec ^ st->st_mtim.tv_nsec ^ st->st_size << 8);
	p9_put64(&c->out, st->st_ino);
}

void call_put_opened(struct call *c, const struct stat *st)
{
	call_put_qid(c, st);
	p9_put32(&c->out, c->share->message_max - P9_IO_ROOM);
}

int call_give(struct call *c, int fd, const struct owner *owner, struct stat *st)
{
	const struct share *s = c->share;
	struct owner given = *owner;
	int error;

	if (!s->gives)
		given.user = given.group = OWNER_KEEP;
	error = owner_set(s->owner, fd, &given);
	return error ? error : owner_stat(s->owner, fd, st);
}

static int call_version(struct call *c)
{
	struct share *s = c->share;
	const uint32_t size = p9_get32(&c->in);
	char version[64];
	bool known;

	p9_get_string(&c->in, version, sizeof(version));
	if (c->in.error)
		return c->in.error;
	if (size < MESSAGE_MIN)
		return -EMSGSIZE;
	share_reset(s);
	known = !strcmp(version, P9_VERSION);
	if (known)
		s->message_max = size < MESSAGE_MAX ? size : MESSAGE_MAX;
	p9_put32(&c->out, known ? s->message_max : size);
	p9_put_string(&c->out, known ? P9_VERSION : "unknown",
		      strlen(known ? P9_VERSION : "unknown"));
	return 0;
}

/* A user of the guest's begins at the root. There is nothing to prove, and one tree only. */
static int call_attach(struct call *c)
{
	struct share *s = c->share;
	const uint32_t number = p9_get32(&c->in), proof = p9_get32(&c->in);
	char name[NAME_MAX + 1], tree[NAME_MAX + 1];
	uint32_t user;
	struct stat st;
	int fd, error;

	p9_get_string(&c->in, name, sizeof(name));
	p9_get_string(&c->in, tree, sizeof(tree));
	user = p9_get32(&c->in);
	if (c->in.error)
		return c->in.error;
	if (proof != P9_NO_FID)
		return -EBADF;
	if (*tree && strcmp(tree, "/") != 0)
		return -ENOENT;
	fd = fcntl(s->root, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	error = owner_stat(s->owner, fd, &st);
	if (!error)
		error = fid_add(&s->fids, number, user, fd);
	if (error)
		close(fd);
	else
		call_put_qid(c, &st);
	return error;
}

/* The file of the next name in a directory: its descriptor, and in the answer its identity */
static int step(struct call *c, int dir)
{
	char name[NAME_MAX + 1];
	struct stat st;
	int fd, error;

	p9_get_name(&c->in, name);
	if (c->in.error)
		return c->in.error;
	fd = file_walk(dir, name);
	if (fd < 0)
		return fd;
	error = call_stat(c, fd, &st);
	if (error)
		return error;
	call_put_qid(c, &st);
	return fd;
}

/* Where the names lead, and how many lead anywhere: as step, of the last one that was tried */
static int descend(struct call *c, int dir, unsigned int names, unsigned int *passed)
{
	int fd = dir, next = dir;

	for (*passed = 0; *passed < names; ++*passed) {
		next = step(c, fd);
		if (fd != dir)
			close(fd);
		if (next < 0)
			break;
		fd = next;
	}
	return next;
}

/* The client's new number for a file that was walked to, or a new file of the old number */
static int settle(struct call *c, struct fid *from, uint32_t number, int fd)
{
	int error;

	if (from->number == number) {
		fid_replace(from, fd, false);
		return 0;
	}
	error = fid_add(&c->share->fids, number, from->user, fd);
	if (error)
		close(fd);
	return error;
}

/* Names that lead nowhere are an error only if the first one does; but there is no new fid. */
static int call_walk(struct call *c)
{
	struct fid *from = call_fid(c);
	const uint32_t number = p9_get32(&c->in);
	const unsigned int names = p9_get16(&c->in);
	struct p9_writer count = c->out;
	unsigned int passed = 0;
	int fd;

	if (c->in.error)
		return c->in.error;
	if (names > P9_WALK_MAX)
		return -EINVAL;
	p9_put16(&c->out, 0);
	fd = names ? descend(c, from->fd, names, &passed) : fid_clone(from);
	p9_put16(&count, passed);
	if (fd < 0)
		return passed ? 0 : fd;
	return settle(c, from, number, fd);
}

static int call_clunk(struct call *c)
{
	struct fid *f = call_fid(c);

	if (c->in.error)
		return c->in.error;
	fid_remove(&c->share->fids, f);
	return 0;
}

/* Files are removed by Tunlinkat, and this only in vain; but the fid is gone in any case. */
static int call_remove(struct call *c)
{
	int error = call_clunk(c);

	return error ? error : -EOPNOTSUPP;
}

/* What came before has been answered. */
static int call_flush(struct call *c)
{
	p9_get16(&c->in);
	return c->in.error;
}

static const struct {
	call_fn *carry_out; /* NULL: there is no such request, or none that we know */
	bool changes; /* something in the directory, or could */
} calls[P9_TYPES] = {
	[P9_TVERSION] = { .carry_out = call_version },
	[P9_TATTACH] = { .carry_out = call_attach },
	[P9_TFLUSH] = { .carry_out = call_flush },
	[P9_TWALK] = { .carry_out = call_walk },
	[P9_TCLUNK] = { .carry_out = call_clunk },
	[P9_TREMOVE] = { .carry_out = call_remove },
	[P9_TGETATTR] = { .carry_out = call_getattr },
	[P9_TSETATTR] = { .carry_out = call_setattr, .changes = true },
	[P9_TSTATFS] = { .carry_out = call_statfs },
	[P9_TLOPEN] = { .carry_out = call_open },
	[P9_TLCREATE] = { .carry_out = call_create, .changes = true },
	[P9_TREAD] = { .carry_out = call_read },
	[P9_TWRITE] = { .carry_out = call_write, .changes = true },
	[P9_TFSYNC] = { .carry_out = call_fsync },
	[P9_TREADDIR] = { .carry_out = call_readdir },
	[P9_TLOCK] = { .carry_out = call_lock },
	[P9_TGETLOCK] = { .carry_out = call_getlock },
	[P9_TREADLINK] = { .carry_out = call_readlink },
	[P9_TMKDIR] = { .carry_out = call_mkdir, .changes = true },
	[P9_TSYMLINK] = { .carry_out = call_symlink, .changes = true },
	[P9_TMKNOD] = { .carry_out = call_mknod, .changes = true },
	[P9_TLINK] = { .carry_out = call_link, .changes = true },
	[P9_TRENAMEAT] = { .carry_out = call_renameat, .changes = true },
	[P9_TUNLINKAT] = { .carry_out = call_unlinkat, .changes = true },
};

static int carry_out(struct call *c, uint8_t type)
{
	const struct share *s = c->share;

	if (c->in.error)
		return c->in.error;
	if (type >= P9_TYPES || !calls[type].carry_out)
		return -EOPNOTSUPP;
	if (type != P9_TVERSION && !s->message_max)
		return -EPROTO;
	if (s->message_max && c->request_size > s->message_max)
		return -EMSGSIZE;
	if (s->read_only && calls[type].changes)
		return -EROFS;
	return calls[type].carry_out(c);
}

static uint32_t finish(struct call *c, uint8_t type, uint16_t tag, int error)
{
	const struct share_message *m = c->message;
	struct share *s = c->share;
	struct p9_writer header = { s->answer, s->answer + P9_HEADER, false };
	uint32_t length = c->out.at - s->answer;

	if (!error && (c->out.full || length + c->data > c->room_size))
		error = -EMSGSIZE;
	if (error) {
		c->out.at = s->answer + P9_HEADER;
		c->data = 0;
		p9_put32(&c->out, -error);
		length = P9_ERROR;
	}
	p9_put32(&header, length + c->data);
	p9_put8(&header, error ? P9_RLERROR : type + 1);
	p9_put16(&header, tag);
	iov_write(m->room, m->room_count, 0, s->answer, length);
	return length + c->data;
}

uint32_t share_answer(struct share *s, const struct share_message *m)
{
	const uint64_t size = iov_size(m->request, m->request_count);
	const uint64_t room = iov_size(m->room, m->room_count);
	const uint32_t max = s->message_max ? s->message_max : MESSAGE_MAX;
	const size_t got =
		iov_read(m->request, m->request_count, 0, s->request, sizeof(s->request));
	struct call c = {
		.share = s,
		.in = { s->request, s->request + got, 0 },
		.out = { s->answer + P9_HEADER, s->answer + sizeof(s->answer), false },
		.message = m,
	};
	uint16_t tag;
	uint8_t type;

	if (size < P9_HEADER || room < P9_ERROR)
		return 0;
	c.room_size = room < max ? room : max;
	c.request_size = p9_get32(&c.in);
	type = p9_get8(&c.in);
	tag = p9_get16(&c.in);
	if (c.request_size < P9_HEADER || c.request_size > size)
		c.in.error = -EPROTO;
	else if (c.request_size < got)
		c.in.end = s->request + c.request_size;
	return finish(&c, type, tag, carry_out(&c, type));
}

void share_reset(struct share *s)
{
	fid_remove_all(&s->fids);
	s->message_max = 0;
}

unsigned int share_files(unsigned int shares)
{
	const rlim_t wanted = FILES_OWN + FILES_MAX * shares;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 0;
	if (limit.rlim_cur < wanted) {
		struct rlimit more = { wanted, limit.rlim_max < wanted ? wanted : limit.rlim_max };

		/* Only root can have more than the hard limit. */
		if (setrlimit(RLIMIT_NOFILE, &more) < 0) {
			more.rlim_cur = more.rlim_max = limit.rlim_max;
			setrlimit(RLIMIT_NOFILE, &more);
		}
		getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= wanted)
		return FILES_MAX;
	return limit.rlim_cur < FILES_OWN ? 0 : (limit.rlim_cur - FILES_OWN) / shares;
}

static int check_root(const struct share *s, const char *dir)
{
	const struct file_path path = file_path(s->root);
	int error;

	if (access(path.text, F_OK) < 0)
		return vm_error("--share: /proc is needed, and not mounted: %s", strerror(errno));
	if (s->owner == OWNER_HOST)
		return 0;
	error = owner_check(s->root);
	if (!error)
		return 0;
	if (error == -EOPNOTSUPP)
		return vm_error(
			"--share: the file system of '%s' has no user extended attributes, which 'owner=mapped' needs",
			dir);
	return vm_error("--share: cannot read extended attributes of '%s': %s", dir,
			strerror(-error));
}

struct share *share_open(const struct share_options *o, unsigned int files)
{
	struct share *s;

	if (files < FILES_MIN) {
		vm_error(
			"--share: this process may open too few files: raise the limit, for example by 'ulimit -n %u'",
			FILES_OWN + FILES_MAX);
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (!s) {
		vm_error("out of memory");
		return NULL;
	}
	s->read_only = o->read_only;
	s->owner = o->owner;
	s->gives = o->owner == OWNER_MAPPED || !geteuid();
	s->fids.max = files;
	s->root = open(o->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (s->root < 0)
		vm_error("--share: cannot open the directory '%s': %s", o->dir, strerror(errno));
	if (s->root < 0 || check_root(s, o->dir) < 0) {
		share_close(s);
		return NULL;
	}
	return s;
}

void share_close(struct share *s)
{
	share_reset(s);
	if (s->root >= 0)
		close(s->root);
	free(s);
}
