/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration files: options, one a line, by the names that they have on the
 * command line. "name value", "name = value" or "name=value"; the value goes to the
 * end of the line, without spaces around it, and may be empty where there is a "=". A line
 * that begins with # is a comment.
 */
#ifndef VM44X_CONFIG_H
#define VM44X_CONFIG_H

#define CONFIG_MAX 0x10000u /* bytes in a file */

/* value: NULL if the line has only a name. Both stay for the life of the program. */
typedef int config_line_fn(void *ctx, const char *name, char *value);

/*
 * Call fn for each option of the file at path, until it returns -1. What it reports then
 * names file and line. Returns 0, or -1 after a message.
 */
int config_read(const char *path, config_line_fn *fn, void *ctx);

#endif
