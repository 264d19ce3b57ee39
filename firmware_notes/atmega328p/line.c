#include "line.h"

#include <avr/interrupt.h>
#include <avr/io.h>

#include "settings.h"

/* 115200 is 2.1 % off at 16 MHz and known to work; 230400 would be 3.5 % off and does not build. */
#define BAUD_TOL 3
#include <util/setbaud.h>

static uint8_t waiting[256]; /* a byte's index wraps where the buffer does */
static volatile uint8_t written, sent;

ISR(USART_UDRE_vect)
{
    uint8_t at = sent;
    if (at == written) {
        UCSR0B &= (uint8_t)~_BV(UDRIE0);
        return;
    }
    UDR0 = waiting[at];
    sent = (uint8_t)(at + 1u);
}

void line_begin(void)
{
    /* Speed doubling before the divider: simavr 1.6 looks at it only when the divider is written. */
    UCSR0A = USE_2X ? _BV(U2X0) : 0;
    UBRR0 = UBRR_VALUE;
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = _BV(RXEN0) | _BV(TXEN0);
}

bool line_send(const uint8_t *bytes, uint8_t length)
{
    uint8_t at = written;
    uint8_t room = (uint8_t)(sent - at - 1);
    if (room < length)
        return false;
    for (uint8_t i = 0; i < length; i++)
        waiting[at++] = bytes[i];
    written = at;
    UCSR0B |= _BV(UDRIE0);
    return true;
}

uint8_t line_command(void)
{
    return UCSR0A & _BV(RXC0) ? UDR0 : 0;
}
