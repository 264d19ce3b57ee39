// As much of Arduino's cores as the sketches for Bluetooth LE name: declared, not there.
#pragma once
#include <stddef.h>
#include <stdint.h>

uint32_t micros();
void delay(uint32_t milliseconds);
