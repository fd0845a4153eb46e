package dev.bulkhead.agent;

/** What was asked at the command line can't be meant; the caller gets a hint and exit code 64. */
final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongUsage(String message) {
        super(message);
    }
}
