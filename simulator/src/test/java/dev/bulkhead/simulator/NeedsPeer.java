package dev.bulkhead.simulator;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test against a program that others wrote. Without the program it is skipped and says so; it
 * fails instead where the environment says {@code BULKHEAD_PEERS=required}, so that nothing is
 * skipped where nothing may be.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PeerCondition.class)
public @interface NeedsPeer {
    /**
     * The programs, as they are called in a shell; or what else must be there, by its whole path.
     */
    String[] value();
}
