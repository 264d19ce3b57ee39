// As much of NimBLE-Arduino 2 and the ESP32 core 3 as our sketch names, by their headers: declared,
// not there. It shows that the sketch is C++ and uses these as they are declared, no more.
#pragma once
#include <Arduino.h>

#define ARDUINO_ISR_ATTR
#define ARDUINO_RUNNING_CORE 1
#define configMAX_PRIORITIES 25
#define portMAX_DELAY 0xffffffffu
#define pdTRUE 1
#define pdFALSE 0
#define portYIELD_FROM_ISR(woken) (void)(woken)

typedef int BaseType_t;
typedef unsigned UBaseType_t;
typedef uint32_t TickType_t;
typedef struct Task *TaskHandle_t;
struct hw_timer_t;

void vTaskNotifyGiveFromISR(TaskHandle_t task, BaseType_t *woken);
uint32_t ulTaskNotifyTake(BaseType_t clear, TickType_t wait);
BaseType_t xTaskCreatePinnedToCore(void (*run)(void *), const char *name, uint32_t stack,
                                   void *parameters, UBaseType_t priority, TaskHandle_t *task,
                                   BaseType_t core);
hw_timer_t *timerBegin(uint32_t frequency);
void timerAttachInterrupt(hw_timer_t *timer, void (*run)());
void timerAlarm(hw_timer_t *timer, uint64_t value, bool autoreload, uint64_t count);
uint16_t analogRead(uint8_t pin);
uint32_t analogReadMilliVolts(uint8_t pin);
void analogReadResolution(uint8_t bits);

namespace NIMBLE_PROPERTY {
enum : uint32_t { READ = 2, WRITE_NR = 4, WRITE = 8, NOTIFY = 16, WRITE_ENC = 4096 };
}

struct NimBLEConnInfo {
  uint16_t getConnHandle() const;
  bool isEncrypted() const;
};

struct NimBLEAttValue {
  const uint8_t *data() const;
  uint16_t length() const;
};

class NimBLECharacteristic;
struct NimBLECharacteristicCallbacks {
  virtual ~NimBLECharacteristicCallbacks() = default;
  virtual void onWrite(NimBLECharacteristic *, NimBLEConnInfo &);
  virtual void onSubscribe(NimBLECharacteristic *, NimBLEConnInfo &, uint16_t);
};

class NimBLECharacteristic {
public:
  bool notify(uint16_t link = 0xffff) const;
  bool notify(const uint8_t *value, size_t length, uint16_t link = 0xffff) const;
  NimBLEAttValue getValue() const;
  void setValue(const uint8_t *value, size_t length);
  void setCallbacks(NimBLECharacteristicCallbacks *callbacks);
};

class NimBLEService {
public:
  NimBLECharacteristic *createCharacteristic(const char *uuid, uint32_t properties);
  bool start();
};

class NimBLEServer;
struct NimBLEServerCallbacks {
  virtual ~NimBLEServerCallbacks() = default;
  virtual void onConnect(NimBLEServer *, NimBLEConnInfo &);
  virtual void onDisconnect(NimBLEServer *, NimBLEConnInfo &, int);
  virtual void onMTUChange(uint16_t, NimBLEConnInfo &);
  virtual void onAuthenticationComplete(NimBLEConnInfo &);
};

class NimBLEServer {
public:
  NimBLEService *createService(const char *uuid);
  void setCallbacks(NimBLEServerCallbacks *callbacks, bool deleteThem = true);
  void updateConnParams(uint16_t link, uint16_t least, uint16_t most, uint16_t latency,
                        uint16_t timeout) const;
};

class NimBLEAdvertising {
public:
  bool setName(const char *name);
  bool addServiceUUID(const char *uuid);
  void setMinInterval(uint16_t interval);
  void setMaxInterval(uint16_t interval);
};

class NimBLEDevice {
public:
  static bool init(const char *name);
  static bool setMTU(uint16_t mtu);
  static void setSecurityAuth(bool bonding, bool mitm, bool sc);
  static bool startSecurity(uint16_t link, int *reason = nullptr);
  static NimBLEServer *createServer();
  static NimBLEAdvertising *getAdvertising();
  static bool startAdvertising(uint32_t duration = 0);
};
