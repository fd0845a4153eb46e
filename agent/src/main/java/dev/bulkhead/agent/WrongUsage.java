package dev.bulkhead.agent;

/** What was asked at the command line can't be meant; the caller gets a hint and exit code 64. */
final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongUsage(String message) {
        super(message);
    }

    /**
     * Demands a number of an option's range.
     *
     * @throws WrongUsage if it is outside
     */
    static void unless(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new WrongUsage(
                    "%s is %d; expected %d to %d.".formatted(option, value, least, most));
        }
    }
}
