// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "util.h"

char client_dir[64];
struct share *client_share;
struct p9_reader client_answer;

static uint8_t request[CLIENT_SIZE], answer[CLIENT_SIZE];

void client_begin(void)
{
	strcpy(client_dir, "/tmp/vm44x-test-XXXXXX");
	assert_non_null(mkdtemp(client_dir));
	assert_int_equal(mkdir(client_path("share"), 0777), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void client_end(void)
{
	if (client_share)
		share_close(client_share);
	client_share = NULL;
	assert_int_equal(nftw(client_dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void client_attach(bool read_only, enum owner_mode owner, unsigned int files)
{
	const struct share_options o = { client_path("share"), read_only, owner };

	if (client_share)
		share_close(client_share);
	client_share = share_open(&o, files);
	assert_non_null(client_share);
	assert_int_equal(client_call(P9_TVERSION, "4s", CLIENT_SIZE, P9_VERSION), 0);
	assert_int_equal(client_call(P9_TATTACH, "44ss4", CLIENT_ROOT, P9_NO_FID, "root", "", 1234),
			 0);
}

static void put_arguments(struct p9_writer *w, const char *format, va_list args)
{
	const char *text;

	for (; *format; format++)
		switch (*format) {
		case '1':
			p9_put8(w, va_arg(args, unsigned int));
			break;
		case '2':
			p9_put16(w, va_arg(args, unsigned int));
			break;
		case '4':
			p9_put32(w, va_arg(args, unsigned int));
			break;
		case '8':
			p9_put64(w, va_arg(args, uint64_t));
			break;
		case 's':
			text = va_arg(args, const char *);
			p9_put_string(w, text, strlen(text));
			break;
		default:
			fail_msg("format '%s'", format);
		}
}

static uint8_t *write_message(uint8_t *message, uint8_t type, const char *format, va_list args)
{
	struct p9_writer w = { message + 4, message + CLIENT_SIZE, false }, size = w;

	p9_put8(&w, type);
	p9_put16(&w, 0x1234);
	put_arguments(&w, format, args);
	size.at = message;
	p9_put32(&size, w.at - message);
	assert_false(w.full);
	return w.at;
}

uint8_t *client_write(uint8_t *message, uint8_t type, const char *format, ...)
{
	uint8_t *end;
	va_list args;

	va_start(args, format);
	end = write_message(message, type, format, args);
	va_end(args);
	return end;
}

/* In several pieces, as a guest's memory is. Returns the length of the answer. */
static uint32_t send_request(size_t size)
{
	const struct iovec out[] = { { request, 6 }, { request + 6, size - 6 } };
	const struct iovec in[] = { { answer, 5 },
				    { answer + 5, 100 },
				    { answer + 105, sizeof(answer) - 105 } };
	const struct share_message m = { out, in, 2, 3 };

	memset(answer, 0xee, sizeof(answer));
	return share_answer(client_share, &m);
}

int client_call(uint8_t type, const char *format, ...)
{
	uint32_t length;
	uint8_t got;
	va_list args;

	va_start(args, format);
	length = send_request(write_message(request, type, format, args) - request);
	va_end(args);
	client_answer = (struct p9_reader){ answer, answer + length, 0 };
	assert_int_equal(p9_get32(&client_answer), length);
	got = p9_get8(&client_answer);
	assert_int_equal(p9_get16(&client_answer), 0x1234);
	assert_int_equal(answer[length], 0xee);
	if (got == P9_RLERROR)
		return p9_get32(&client_answer);
	assert_int_equal(got, type + 1);
	return 0;
}

int client_walk(uint32_t fid, const char *name)
{
	return client_call(P9_TWALK, "442s", CLIENT_ROOT, fid, 1, name);
}

int client_open(uint32_t fid, const char *name, uint32_t flags)
{
	int error = client_walk(fid, name);

	return error ? error : client_call(P9_TLOPEN, "44", fid, flags);
}

const char *client_path(const char *name)
{
	static char paths[4][512];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", client_dir, name);
	return path;
}

void client_put(const char *name, const char *text)
{
	int fd = open(client_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0666);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

const char *client_get(const char *name)
{
	static char text[4096];
	int fd = open(client_path(name), O_RDONLY);
	ssize_t length;

	assert_true(fd >= 0);
	length = read(fd, text, sizeof(text) - 1);
	assert_true(length >= 0);
	text[length] = '\0';
	close(fd);
	return text;
}
