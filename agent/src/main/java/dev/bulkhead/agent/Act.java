package dev.bulkhead.agent;

import dev.bulkhead.agent.actuate.Actuation;
import dev.bulkhead.agent.actuate.BreakerWiring;
import dev.bulkhead.agent.modbus.Answer;
import dev.bulkhead.agent.modbus.Exchange;
import dev.bulkhead.rules.Input;
import dev.bulkhead.rules.Intent;
import dev.bulkhead.rules.site.GatewayId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One act in hand, on a thread of its own: {@code actuate-<breaker>}. */
final class Act implements Runnable {
    /** Hands an exchange to the link of a gateway. */
    interface Links {
        void submit(GatewayId gateway, Exchange exchange, Consumer<Answer> answered);
    }

    /** One exchange is out at a time; more room than that is slack. */
    private static final int MOST_ANSWERS = 8;

    private final Intent intent;
    private final Actuation actuation;
    private final Links links;
    private final AgentTime time;
    private final Consumer<Input> end;
    private final BlockingQueue<Actuation.Event> answers = new ArrayBlockingQueue<>(MOST_ANSWERS);

    Act(Intent intent, BreakerWiring wiring, Links links, AgentTime time, Consumer<Input> end) {
        this.intent = intent;
        this.actuation = new Actuation(wiring);
        this.links = links;
        this.time = time;
        this.end = end;
    }

    @Override
    public void run() {
        try {
            carryOut(actuation.on(new Actuation.Event.Begin(intent), time.now()));
            while (!actuation.hasEnded()) {
                carryOut(actuation.on(next(), time.now()));
            }
        } catch (InterruptedException _) {
            // The agent stops. The journal has the intent: after the next start the breaker is
            // read.
            Thread.currentThread().interrupt();
        }
    }

    private Actuation.Event next() throws InterruptedException {
        Optional<Instant> wakeAt = actuation.wakeAt();
        if (wakeAt.isEmpty()) {
            return answers.take();
        }
        Duration wait = time.wall(Duration.between(time.now(), wakeAt.get()));
        Actuation.Event answer = answers.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        return answer == null ? new Actuation.Event.Tick() : answer;
    }

    private void carryOut(List<Actuation.Effect> effects) {
        for (Actuation.Effect effect : effects) {
            switch (effect) {
                case Actuation.Effect.Submit(long number, GatewayId gateway, Exchange exchange) ->
                        links.submit(
                                gateway,
                                exchange,
                                answer ->
                                        answers.add(new Actuation.Event.Answered(number, answer)));
                case Actuation.Effect.Done(Input done) -> end.accept(done);
            }
        }
    }
}
