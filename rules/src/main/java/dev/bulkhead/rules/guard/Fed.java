package dev.bulkhead.rules.guard;

/** Whether something carries power, as far as can be told. */
enum Fed {
    YES,
    NO,
    UNKNOWN
}
