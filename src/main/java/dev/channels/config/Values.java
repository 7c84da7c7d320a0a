package dev.channels.config;

import dev.channels.spi.BackendSettings;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/**
 * Reads typed values below one prefix. A value that does not fit is added to the problems, and the
 * default stands in for it.
 */
public final class Values implements BackendSettings {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d|)");

    /** One that no backslash is before. */
    private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

    private static final String DURATION_REMEDY =
            "Write a number and a unit (500ms, 10s, 5m, 2h, 7d) or ISO 8601 (PT10S).";

    /** A hundred years: what is longer overflows when it is added to a moment in nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Config config;
    private final String prefix;
    private final Problems problems;

    /**
     * Makes a reader.
     *
     * @param config the source of the values
     * @param prefix what every key begins with, its dot included
     * @param problems takes what is wrong
     */
    public Values(Config config, String prefix, Problems problems) {
        this.config = config;
        this.prefix = prefix;
        this.problems = problems;
    }

    @Override
    public Optional<String> text(String key) {
        String raw = null;
        try {
            ConfigValue value = config.getConfigValue(prefix + key);
            raw = value.getRawValue();
            if (value.getValue() != null || raw == null || !raw.contains("${")) {
                return Optional.ofNullable(value.getValue())
                        .map(String::strip)
                        .filter(v -> !v.isEmpty());
            }
        } catch (NoSuchElementException | IllegalArgumentException e) {
            // As below: what does not resolve is an exception with some, and null with others.
        }
        problems.add(
                prefix + key,
                raw == null ? "" : raw,
                "",
                "it holds an expression that cannot be resolved",
                "Set what the expression names, or write the value itself.");
        return Optional.empty();
    }

    @Override
    public String required(String key, String remedy) {
        return text(key)
                .orElseGet(
                        () -> {
                            problem(key, "it must be set", remedy);
                            return "";
                        });
    }

    @Override
    public long number(String key, long defaultValue, long min, long max) {
        String remedy = "Write a whole number from " + min + " to " + max + ".";
        return parsed(
                key,
                defaultValue,
                "not a whole number in the range",
                remedy,
                text -> {
                    long number = Long.parseLong(text);
                    return number >= min && number <= max ? Optional.of(number) : Optional.empty();
                });
    }

    @Override
    public boolean flag(String key, boolean defaultValue) {
        return parsed(
                key,
                defaultValue,
                "neither true nor false",
                "Write true or false.",
                text ->
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "true" -> Optional.of(true);
                            case "false" -> Optional.of(false);
                            default -> Optional.empty();
                        });
    }

    @Override
    public Duration duration(String key, Duration defaultValue) {
        return parsed(
                key,
                defaultValue,
                "not a duration of up to " + LONGEST.toDays() + "d",
                DURATION_REMEDY,
                text ->
                        Optional.of(toDuration(text))
                                .filter(d -> !d.isNegative() && d.compareTo(LONGEST) <= 0));
    }

    /** Returns what a duration says that is written in one of the ways that are understood. */
    static Duration toDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> Duration.ofSeconds(number);
            };
        }
        return Duration.parse(text);
    }

    @Override
    public <E extends Enum<E>> E choice(String key, E defaultValue) {
        List<E> all = List.of(defaultValue.getDeclaringClass().getEnumConstants());
        List<String> names = all.stream().map(Values::kebab).toList();
        return parsed(
                key,
                defaultValue,
                "not one of the choices",
                Nearest.remedy(text(key).orElse(""), names),
                text ->
                        all.stream()
                                .filter(e -> kebab(e).equals(text.toLowerCase(Locale.ROOT)))
                                .findFirst());
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the elements of a list, separated by commas; a comma in one is written {@code \,}.
     * Split here, since implementations differ in what else a backslash does, and in what a list of
     * commas is.
     */
    List<String> list(String key) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> elements =
                COMMA.splitAsStream(text.get())
                        .map(element -> element.replace("\\,", ",").strip())
                        .filter(element -> !element.isEmpty())
                        .toList();
        if (elements.isEmpty()) {
            problem(
                    key,
                    "there is nothing between its commas",
                    "Write at least one element, or leave the key out.");
        }
        return elements;
    }

    private <T> T parsed(
            String key,
            T defaultValue,
            String what,
            String remedy,
            Function<String, Optional<T>> parser) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return defaultValue;
        }
        try {
            Optional<T> value = parser.apply(text.get());
            if (value.isPresent()) {
                return value.get();
            }
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            // Falls through: what it is not is said below, in the user's terms.
        }
        problem(key, what, remedy);
        return defaultValue;
    }

    @Override
    public void problem(String key, String what, String remedy) {
        problem(key, Optional.empty(), what, remedy);
    }

    /**
     * Reports a problem with one element of a value, or with what stands in for it.
     *
     * @param key the name below the prefix
     * @param part what to show as the value
     * @param what what is wrong with it
     * @param remedy what to do
     */
    public void problem(String key, String part, String what, String remedy) {
        problem(key, Optional.of(part), what, remedy);
    }

    /**
     * Reports a value that is surely not meant, though it is valid.
     *
     * @param key the name below the prefix
     * @param what what is doubtful about it
     * @param remedy what to do
     */
    public void doubt(String key, String what, String remedy) {
        Written written = written(key);
        problems.doubt(prefix + key, written.value(), written.source(), what, remedy);
    }

    private void problem(String key, Optional<String> part, String what, String remedy) {
        Written written = written(key);
        problems.add(prefix + key, part.orElse(written.value()), written.source(), what, remedy);
    }

    /** What stands where; both empty if it is not known. */
    private record Written(String value, String source) {}

    private Written written(String key) {
        try {
            ConfigValue read = config.getConfigValue(prefix + key);
            return new Written(
                    Optional.ofNullable(read.getValue()).orElse(""),
                    Optional.ofNullable(read.getSourceName()).orElse(""));
        } catch (NoSuchElementException | IllegalArgumentException e) {
            // An expression that cannot be resolved: it is reported without the value.
            return new Written("", "");
        }
    }
}
