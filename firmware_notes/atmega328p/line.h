/* The serial line: frames out, single-byte commands in. */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stdint.h>

void line_begin(void);

/* Send all of these bytes or, if there is no room for them yet, none (clause 1.6). */
bool line_send(const uint8_t *bytes, uint8_t length);

/* The last byte received, or 0 if there was none since this was last asked. */
uint8_t line_command(void);

#endif
