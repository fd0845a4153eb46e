@NullMarked
package dev.bulkhead.simulator.lab;

import org.jspecify.annotations.NullMarked;
