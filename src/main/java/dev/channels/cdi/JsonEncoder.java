package dev.channels.cdi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.config.Keys;
import dev.channels.config.Values;
import dev.channels.spi.Log;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.adapter.JsonbAdapter;
import jakarta.json.bind.serializer.JsonbDeserializer;
import jakarta.json.bind.serializer.JsonbSerializer;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns objects into JSON, and back, by JSON-B, made when the first one comes: many applications
 * have none, and need no JSON-B then.
 */
final class JsonEncoder implements Function<Object, String> {

    private final List<Object> typeEncoders;
    private final @Nullable ClassLoader application =
            Thread.currentThread().getContextClassLoader();
    private final AtomicReference<@Nullable Jsonb> jsonb = new AtomicReference<>();

    private JsonEncoder(List<Object> typeEncoders) {
        this.typeEncoders = typeEncoders;
    }

    /**
     * Makes an encoder; to be called with the context class loader of the application.
     *
     * @param classes loads the adapters, serializers and deserializers that are no beans
     * @param beans those that are, by the names of their classes
     * @param names those that the configuration names; they come before others for the same type
     * @param values takes the problems with those that cannot be used
     */
    static JsonEncoder make(
            ApplicationClasses classes,
            Map<String, Object> beans,
            List<String> names,
            Values values) {
        List<Object> encoders = new ArrayList<>();
        for (String name : names) {
            if (beans.containsKey(name)) {
                encoders.add(beans.get(name));
                continue;
            }
            Class<?> loaded = classes.load(Keys.TYPE_ENCODERS, name);
            Object encoder = loaded == null ? null : instance(loaded, values);
            if (encoder instanceof JsonbAdapter
                    || encoder instanceof JsonbSerializer
                    || encoder instanceof JsonbDeserializer) {
                encoders.add(encoder);
            } else if (encoder != null) {
                values.problem(
                        Keys.TYPE_ENCODERS,
                        name,
                        "the class is no JsonbAdapter, JsonbSerializer or JsonbDeserializer",
                        "Implement one of them (Jakarta JSON Binding 3.0, section 4.7).");
            }
        }
        // Yasson takes the first one for a type.
        Map<String, Object> unnamed = new LinkedHashMap<>(beans);
        unnamed.keySet().removeAll(names);
        encoders.addAll(unnamed.values());
        return new JsonEncoder(encoders);
    }

    private static @Nullable Object instance(Class<?> type, Values values) {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            values.problem(
                    Keys.TYPE_ENCODERS,
                    type.getName(),
                    "the class cannot be instantiated (" + e + ")",
                    "Make it public, with a public constructor without parameters.");
            return null;
        }
    }

    @Override
    public String apply(Object data) {
        return jsonb(ErrorCode.NOT_ENCODABLE).toJson(data);
    }

    /**
     * Makes an object of a text.
     *
     * @param json the text
     * @param type what to make of it
     */
    Object read(String json, Type type) {
        return jsonb(ErrorCode.NOT_READABLE).fromJson(json, type);
    }

    /**
     * Returns what was made first: providers and adapters are not called under a lock.
     *
     * @param without what cannot be done where there is no JSON-B
     */
    private Jsonb jsonb(ErrorCode without) {
        Jsonb known = jsonb.get();
        if (known != null) {
            return known;
        }
        Jsonb made = create(without);
        if (jsonb.compareAndSet(null, made)) {
            return made;
        }
        close(made);
        return jsonb(without);
    }

    /** In the name of the application, whoever publishes first: its JSON-B may be its own. */
    private Jsonb create(ErrorCode without) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(application);
        try {
            return builder(without).withConfig(config()).build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static JsonbBuilder builder(ErrorCode without) {
        try {
            return JsonbBuilder.newBuilder();
        } catch (RuntimeException | LinkageError e) {
            throw new ChannelsException(
                    without,
                    "There is no JSON Binding here, so that objects cannot be published or read ("
                            + e
                            + "). Use text or bytes, or enable it ("
                            + OptionalApis.WHERE_JSON_BINDING_IS
                            + ").",
                    e);
        }
    }

    private JsonbConfig config() {
        return new JsonbConfig()
                .withAdapters(
                        typeEncoders.stream()
                                .filter(JsonbAdapter.class::isInstance)
                                .toArray(JsonbAdapter<?, ?>[]::new))
                .withSerializers(
                        typeEncoders.stream()
                                .filter(JsonbSerializer.class::isInstance)
                                .toArray(JsonbSerializer<?>[]::new))
                .withDeserializers(
                        typeEncoders.stream()
                                .filter(JsonbDeserializer.class::isInstance)
                                .toArray(JsonbDeserializer<?>[]::new));
    }

    /** Lets go of JSON-B, if it was made. */
    void close() {
        Jsonb made = jsonb.get();
        if (made != null) {
            close(made);
        }
    }

    private static void close(Jsonb made) {
        try {
            made.close();
        } catch (Exception e) {
            Log.warn(ErrorCode.STATE, "JSON-B could not be closed", e);
        }
    }
}
