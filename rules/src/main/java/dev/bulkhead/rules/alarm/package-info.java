/**
 * The life of an alarm by ISA-18.2 / IEC 62682. Verdicts and people's acts come in, alarm states go
 * out. UNKNOWN changes nothing here.
 */
@NullMarked
package dev.bulkhead.rules.alarm;

import org.jspecify.annotations.NullMarked;
