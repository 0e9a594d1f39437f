// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "loader.h"
#include "report.h"

/* The text of each file that was read: the values of options are parts of it. */
struct config_text {
	struct config_text *next;
	char text[];
};

static struct config_text *texts;

static int read_text(const char *path, char **text, uint32_t *size)
{
	struct config_text *t;

	if (file_size(path, "config", size) < 0)
		return -1;
	if (*size > CONFIG_MAX)
		return vm_error("--config: '%s' is too large: at most %u bytes", path, CONFIG_MAX);
	t = malloc(sizeof(*t) + *size + 1);
	if (!t)
		return vm_error("--config: no memory to read '%s'", path);
	t->next = texts;
	texts = t;
	t->text[*size] = '\0';
	*text = t->text;
	return file_read(path, "config", t->text, *size);
}

static char *skip_spaces(char *p)
{
	while (isspace((unsigned char)*p))
		p++;
	return p;
}

/* The part of line before its spaces at the end */
static void trim(char *line)
{
	char *end = line + strlen(line);

	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
}

static int parse_line(char *line, config_line_fn *fn, void *ctx)
{
	char *name = skip_spaces(line), *end, *value;
	bool equals;

	trim(name);
	if (!*name || *name == '#')
		return 0;
	end = name + strcspn(name, "= \t");
	if (end == name)
		return vm_error("no option's name before '%s'", name);
	value = skip_spaces(end);
	equals = *value == '=';
	if (equals)
		value = skip_spaces(value + 1);
	*end = '\0';
	return fn(ctx, name, *value || equals ? value : NULL);
}

int config_read(const char *path, config_line_fn *fn, void *ctx)
{
	unsigned int number = 0;
	char *text, *line;
	uint32_t size;
	int ret = 0;

	if (read_text(path, &text, &size) < 0)
		return -1;
	if (memchr(text, '\0', size))
		return vm_error("--config: '%s' is no text", path);
	while (!ret && (line = strsep(&text, "\n"))) {
		report_set_place(path, ++number);
		ret = parse_line(line, fn, ctx);
	}
	report_set_place(NULL, 0);
	return ret;
}
