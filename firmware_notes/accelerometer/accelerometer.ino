// An LSM6DSO on I2C, sent as myoframe over the USB serial line. For an ESP32 or a Cortex-M board
// with an Arduino core; an Uno is fast enough too, but its 5 V need a level shifter. Copy
// ../encoder/myoframe.h and myoframe.c into this folder first.
#include <Wire.h>

#include "sender.h"

const uint8_t CHIP = 0x6A; // 0x6B if SDO/SA0 is wired to 3.3 V
const uint16_t DEVICE_ID = 0;

sender accelerometer;

bool readRegisters(void *, uint8_t address, uint8_t *bytes, uint8_t length) {
  Wire.beginTransmission(CHIP);
  Wire.write(address);
  if (Wire.endTransmission(false) != 0 || Wire.requestFrom(CHIP, length) != length) return false;
  for (uint8_t i = 0; i < length; i++) bytes[i] = Wire.read();
  return true;
}

bool writeRegister(void *, uint8_t address, uint8_t value) {
  Wire.beginTransmission(CHIP);
  Wire.write(address);
  Wire.write(value);
  return Wire.endTransmission() == 0;
}

void setup() {
  Serial.begin(115200);
  Wire.begin();
  Wire.setClock(400000);
  const lsm6dso_bus bus = {readRegisters, writeRegister, nullptr};
  while (!sender_begin(&accelerometer, &bus, DEVICE_ID, micros())) delay(500); // not wired yet
}

void loop() {
  uint8_t wire[SENDER_WIRE];
  if (Serial.available() > 0) sender_command(&accelerometer, Serial.read());
  Serial.write(wire, sender_poll(&accelerometer, wire, micros()));
}
