package dev.channels.config;

import dev.channels.spi.BackendSettings;
import dev.channels.spi.Fault;
import dev.channels.spi.Key;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/**
 * The values of keys below one prefix. One that does not fit is added to the problems, and is then
 * as if it were not set.
 */
public final class Values implements BackendSettings {

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

    /**
     * Returns what is written for a key.
     *
     * @param key the name below the prefix
     * @return the text without blanks around it, or empty if there is none
     */
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
    public <T> Optional<T> find(Key<T> key) {
        Optional<String> text = text(key.name());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<T> value = key.parse(text.get());
        if (value.isEmpty()) {
            Fault fault = key.fault(text.get());
            problem(key, fault.what(), fault.remedy());
        }
        return value;
    }

    /** Returns a bound, empty for unlimited. */
    OptionalInt limit(Key<Integer> key) {
        return find(key).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** Returns the values below a longer prefix. */
    Values below(String more) {
        return new Values(config, prefix + more, problems);
    }

    @Override
    public void problem(Key<?> key, String what, String remedy) {
        problem(key.name(), what, remedy);
    }

    /**
     * Reports a problem with a key that no table has.
     *
     * @param key the name below the prefix
     * @param what what is wrong with its value; no secret
     * @param remedy what to do
     */
    public void problem(String key, String what, String remedy) {
        problem(key, Optional.empty(), what, remedy);
    }

    /**
     * Reports a problem with one element of a value, or with what stands in for it.
     *
     * @param key the key
     * @param part what to show as the value
     * @param what what is wrong with it
     * @param remedy what to do
     */
    public void problem(Key<?> key, String part, String what, String remedy) {
        problem(key.name(), part, what, remedy);
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
     * @param key the key
     * @param what what is doubtful about it
     * @param remedy what to do
     */
    public void doubt(Key<?> key, String what, String remedy) {
        Written written = written(key.name());
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
