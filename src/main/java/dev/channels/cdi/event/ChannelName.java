package dev.channels.cdi.event;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of a channel in which properties of an object may stand: {@code order-{id}}. */
final class ChannelName {

    private static final Pattern PROPERTY = Pattern.compile("\\{([A-Za-z_$][\\w$]*)}");

    private final String written;
    private final List<String> properties;

    /** By class and property, of this one application. */
    private final Map<Class<?>, List<MethodHandle>> readers = new ConcurrentHashMap<>();

    ChannelName(String written) {
        this.written = written;
        this.properties = new ArrayList<>();
        PROPERTY.matcher(written).results().forEach(found -> properties.add(found.group(1)));
    }

    /** Tells whether it is the same whatever is fired. */
    boolean isFixed() {
        return properties.isEmpty();
    }

    /** Returns the first property that a type has not; null if it has all. */
    @Nullable String missingIn(Class<?> type) {
        for (String property : properties) {
            if (PropertyReader.find(type, property) == null) {
                return property;
            }
        }
        return null;
    }

    /**
     * Returns the name for an object.
     *
     * @throws ChannelsException {@link ErrorCode#NOT_ENCODABLE} if a property is missing, null or
     *     throws
     */
    String of(Object fired) {
        if (isFixed()) {
            return written;
        }
        List<MethodHandle> found = readers.computeIfAbsent(fired.getClass(), this::readersOf);
        StringBuilder name = new StringBuilder();
        Matcher matcher = PROPERTY.matcher(written);
        for (int i = 0; matcher.find(); i++) {
            matcher.appendReplacement(
                    name, Matcher.quoteReplacement(read(found.get(i), properties.get(i), fired)));
        }
        return matcher.appendTail(name).toString();
    }

    private List<MethodHandle> readersOf(Class<?> type) {
        List<MethodHandle> found = new ArrayList<>();
        for (String property : properties) {
            MethodHandle reader = PropertyReader.find(type, property);
            if (reader == null) {
                throw noName(property, type, "there is no such property that can be read", null);
            }
            found.add(reader);
        }
        return List.copyOf(found);
    }

    private String read(MethodHandle reader, String property, Object fired) {
        Object value;
        try {
            value = reader.invoke(fired);
        } catch (Throwable e) {
            throw noName(property, fired.getClass(), "it threw " + e, e);
        }
        if (value == null) {
            throw noName(property, fired.getClass(), "it is null", null);
        }
        return value.toString();
    }

    private ChannelsException noName(
            String property, Class<?> type, String why, @Nullable Throwable cause) {
        return new ChannelsException(
                ErrorCode.NOT_ENCODABLE,
                "The name of the channel "
                        + written
                        + " cannot be made of a "
                        + type.getName()
                        + ": "
                        + property
                        + ": "
                        + why
                        + ".",
                cause);
    }
}
