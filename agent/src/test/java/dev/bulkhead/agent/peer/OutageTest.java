package dev.bulkhead.agent.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Outage.class);
    private final Outage outage = new Outage("broker");

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
    }

    private List<String> said() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void eachReasonIsSaidOnceInOneOutageAndItsEndToo() {
        outage.isOver("subscribed");
        outage.isOver("subscribed");
        outage.because("nobody listens");
        outage.because("nobody listens");
        outage.because("no answer");
        outage.isOver("subscribed");
        outage.because("nobody listens");
        assertEquals(
                List.of(
                        "broker: connected; subscribed",
                        "broker: nobody listens",
                        "broker: no answer",
                        "broker: works again, after 0 s; subscribed",
                        "broker: nobody listens"),
                said());
    }

    /** Who reads "again" looks for the time when it worked before. */
    @Test
    void whatHasNeverWorkedDoesNotWorkAgain() {
        outage.because("nobody listens");
        outage.isOver("subscribed");
        assertEquals(
                List.of("broker: nobody listens", "broker: works, after 0 s; subscribed"), said());
    }
}
