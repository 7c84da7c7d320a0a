package dev.channels.spi;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the values of one type are written, and in which range they are. */
interface ValueType<T> {

    /** Reads a value; empty if the text is none. */
    Optional<T> parse(String written);

    /** Says what is wrong with a text that is no value. */
    Fault fault(String written);

    /** Any text. */
    record Text() implements ValueType<String> {

        @Override
        public Optional<String> parse(String written) {
            return Optional.of(written);
        }

        @Override
        public Fault fault(String written) {
            throw new IllegalStateException("every text is one");
        }
    }

    /**
     * Texts separated by commas. They are split here, since implementations of MicroProfile Config
     * differ in what else a backslash does, and in what a list of commas is.
     */
    record Texts() implements ValueType<List<String>> {

        /** One that no backslash is before. */
        private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

        @Override
        public Optional<List<String>> parse(String written) {
            List<String> elements =
                    COMMA.splitAsStream(written)
                            .map(element -> element.replace("\\,", ",").strip())
                            .filter(element -> !element.isEmpty())
                            .toList();
            return elements.isEmpty() ? Optional.empty() : Optional.of(elements);
        }

        @Override
        public Fault fault(String written) {
            return new Fault(
                    "there is nothing between its commas",
                    "Write at least one element, or leave the key out.");
        }
    }

    /** True or false. */
    record Flag() implements ValueType<Boolean> {

        @Override
        public Optional<Boolean> parse(String written) {
            return switch (written.toLowerCase(Locale.ROOT)) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
            };
        }

        @Override
        public Fault fault(String written) {
            return new Fault("neither true nor false", "Write true or false.");
        }
    }

    /** A whole number. */
    record Whole<N>(long min, long max, LongFunction<N> boxed) implements ValueType<N> {

        @Override
        public Optional<N> parse(String written) {
            try {
                long number = Long.parseLong(written);
                return number >= min && number <= max
                        ? Optional.of(boxed.apply(number))
                        : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        @Override
        public Fault fault(String written) {
            return new Fault(
                    "not a whole number in the range",
                    "Write a whole number from " + min + " to " + max + ".");
        }
    }

    /** A duration; the bounds and the example are as they are written. */
    record Period(String min, String max, String example) implements ValueType<Duration> {

        /** A hundred years: what is longer overflows when it is added to a moment in ns. */
        static final String LONGEST = "36500d";

        private static final Pattern WRITTEN = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d|)");

        @Override
        public Optional<Duration> parse(String written) {
            return read(written)
                    .filter(it -> it.compareTo(read(min).orElseThrow()) >= 0)
                    .filter(it -> it.compareTo(read(max).orElseThrow()) <= 0);
        }

        private static Optional<Duration> read(String written) {
            try {
                return Optional.of(toDuration(written)).filter(it -> !it.isNegative());
            } catch (DateTimeException | ArithmeticException e) {
                return Optional.empty();
            }
        }

        private static Duration toDuration(String written) {
            Matcher matcher = WRITTEN.matcher(written);
            if (!matcher.matches()) {
                return Duration.parse(written);
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> Duration.ofSeconds(number);
            };
        }

        @Override
        public Fault fault(String written) {
            boolean isShort =
                    read(written)
                            .filter(it -> it.compareTo(read(min).orElseThrow()) < 0)
                            .isPresent();
            if ((max.equals(LONGEST) && !isShort) || read(written).isEmpty()) {
                return new Fault(
                        "not a duration of up to " + max,
                        "Write a number and a unit (500ms, 10s, 5m, 2h, 7d) or ISO 8601 (PT10S).");
            }
            return new Fault(
                    max.equals(LONGEST)
                            ? "it must be " + min + " or longer"
                            : "it must be from " + min + " to " + max,
                    "Write for example " + example + ".");
        }
    }

    /** One of the constants of an enum. */
    record Choice<E extends Enum<E>>(List<E> constants) implements ValueType<E> {

        static String written(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @Override
        public Optional<E> parse(String written) {
            return constants.stream()
                    .filter(it -> written(it).equals(written.toLowerCase(Locale.ROOT)))
                    .findFirst();
        }

        @Override
        public Fault fault(String written) {
            List<String> names = constants.stream().map(Choice::written).toList();
            return new Fault("not one of the choices", Nearest.remedy(written, names));
        }
    }
}
