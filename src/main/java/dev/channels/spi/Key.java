package dev.channels.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration: its name, what it means, how its values are written, in which range
 * they are, and the default. Keep each in a constant.
 *
 * <p>Immutable and safe for use by any thread.
 *
 * @param <T> the type of its values
 */
public final class Key<T> {

    private final String name;
    private final String meaning;
    private final ValueType<T> type;
    private final String writtenDefault;
    private final @Nullable T defaultValue;

    private Key(String name, String writtenDefault, String meaning, ValueType<T> type) {
        this.name = name;
        this.meaning = meaning;
        this.type = type;
        this.writtenDefault = writtenDefault;
        this.defaultValue =
                writtenDefault.isEmpty()
                        ? null
                        : type.parse(writtenDefault)
                                .orElseThrow(
                                        () ->
                                                new IllegalArgumentException(
                                                        "The default of "
                                                                + name
                                                                + " is "
                                                                + type.fault(writtenDefault)));
    }

    /**
     * Makes a key for text.
     *
     * @param name the name, below the prefix of the settings in which it is looked for
     * @param defaultValue the value where none is set; empty where there is no default
     * @param meaning what it says, as the documentation has it
     * @return the key
     */
    public static Key<String> text(String name, String defaultValue, String meaning) {
        return new Key<>(name, defaultValue, meaning, new ValueType.Text());
    }

    /**
     * Makes a key for texts separated by commas; a comma in one is written {@code \,}.
     *
     * @param name the name, below the prefix of the settings in which it is looked for
     * @param defaultValue the value where none is set, as it is written; empty for no default
     * @param meaning what it says, as the documentation has it
     * @return the key
     */
    public static Key<List<String>> list(String name, String defaultValue, String meaning) {
        return new Key<>(name, defaultValue, meaning, new ValueType.Texts());
    }

    /**
     * Makes a key for {@code true} and {@code false}.
     *
     * @param name the name, below the prefix of the settings in which it is looked for
     * @param defaultValue the value where none is set
     * @param meaning what it says, as the documentation has it
     * @return the key
     */
    public static Key<Boolean> flag(String name, boolean defaultValue, String meaning) {
        return new Key<>(name, Boolean.toString(defaultValue), meaning, new ValueType.Flag());
    }

    /**
     * Makes a key for whole numbers.
     *
     * @param name the name, below the prefix of the settings in which it is looked for
     * @param defaultValue the value where none is set, as it is written; empty for no default
     * @param min the smallest value allowed
     * @param max the largest value allowed
     * @param meaning what it says, as the documentation has it
     * @return the key
     */
    public static Key<Integer> integer(
            String name, String defaultValue, int min, int max, String meaning) {
        return new Key<>(
                name, defaultValue, meaning, new ValueType.Whole<>(min, max, Math::toIntExact));
    }

    /**
     * Makes a key for large whole numbers.
     *
     * @param name the name, below the prefix of the settings in which it is looked for
     * @param defaultValue the value where none is set, as it is written; empty for no default
     * @param min the smallest value allowed
     * @param max the largest value allowed
     * @param meaning what it says, as the documentation has it
     * @return the key
     */
    public static Key<Long> number(
            String name, String defaultValue, long min, long max, String meaning) {
        return new Key<>(name, defaultValue, meaning, new ValueType.Whole<>(min, max, it -> it));
    }

    /**
     * Makes a key for durations of any length. They are written as a number with a unit ({@code
     * 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}), as a plain number of seconds, or as
     * in ISO 8601 ({@code PT10S}).
     *
     * @param name the name, below the prefix of the settings in which it is looked for
     * @param defaultValue the value where none is set, as it is written
     * @param meaning what it says, as the documentation has it
     * @return the key
     */
    public static Key<Duration> duration(String name, String defaultValue, String meaning) {
        return duration(name, defaultValue, "0s", meaning);
    }

    /**
     * Makes a key for durations from one up.
     *
     * @param name the name, below the prefix of the settings in which it is looked for
     * @param defaultValue the value where none is set, as it is written
     * @param min the shortest one allowed, as it is written
     * @param meaning what it says, as the documentation has it
     * @return the key
     */
    public static Key<Duration> duration(
            String name, String defaultValue, String min, String meaning) {
        return duration(name, defaultValue, min, ValueType.Period.LONGEST, meaning);
    }

    /**
     * Makes a key for durations.
     *
     * @param name the name, below the prefix of the settings in which it is looked for
     * @param defaultValue the value where none is set, as it is written
     * @param min the shortest one allowed, as it is written
     * @param max the longest one allowed, as it is written
     * @param meaning what it says, as the documentation has it
     * @return the key
     */
    public static Key<Duration> duration(
            String name, String defaultValue, String min, String max, String meaning) {
        return new Key<>(name, defaultValue, meaning, new ValueType.Period(min, max, defaultValue));
    }

    /**
     * Makes a key for the constants of an enum, written in lower case with hyphens.
     *
     * @param name the name, below the prefix of the settings in which it is looked for
     * @param defaultValue the value where none is set
     * @param meaning what it says, as the documentation has it
     * @param <E> the enum
     * @return the key
     */
    public static <E extends Enum<E>> Key<E> choice(String name, E defaultValue, String meaning) {
        return new Key<>(
                name,
                ValueType.Choice.written(defaultValue),
                meaning,
                new ValueType.Choice<>(
                        Stream.of(defaultValue.getDeclaringClass().getEnumConstants()).toList()));
    }

    /**
     * Returns the name.
     *
     * @return the name, below the prefix of the settings in which it is looked for
     */
    public String name() {
        return name;
    }

    /**
     * Returns what the key says.
     *
     * @return a phrase, with which the documentation's begins
     */
    public String meaning() {
        return meaning;
    }

    /**
     * Returns the value where none is set.
     *
     * @return the value
     * @throws IllegalStateException if there is no default
     */
    public T defaultValue() {
        if (defaultValue == null) {
            throw new IllegalStateException(name + " has no default");
        }
        return defaultValue;
    }

    /**
     * Returns the default as it is written.
     *
     * @return the text; empty if there is no default
     */
    public String writtenDefault() {
        return writtenDefault;
    }

    /**
     * Reads a value.
     *
     * @param written the text, without blanks around it
     * @return the value, or empty if the text is none
     */
    public Optional<T> parse(String written) {
        return type.parse(written);
    }

    /**
     * Says what is wrong with a text that is no value.
     *
     * @param written the text
     * @return what is wrong, and what to do
     */
    public Fault fault(String written) {
        return type.fault(written);
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name;
    }
}
