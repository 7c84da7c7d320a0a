package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.json.bind.serializer.DeserializationContext;
import jakarta.json.bind.serializer.JsonbDeserializer;
import jakarta.json.bind.serializer.JsonbSerializer;
import jakarta.json.bind.serializer.SerializationContext;
import jakarta.json.bind.spi.JsonbProvider;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.lang.reflect.Type;
import java.net.URL;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JsonEncoderTest {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void putBack() {
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void jsonbIsThatOfTheApplicationWhoeverPublishesFirst() {
        Values values = new Values(new SmallRyeConfigBuilder().build(), "", new Problems());
        JsonEncoder encoder =
                JsonEncoder.make(new ApplicationClasses(values), Map.of(), List.of(), values);
        ClassLoader foreign =
                new ClassLoader(null) {
                    @Override
                    public Enumeration<URL> getResources(String name) {
                        throw new AssertionError(name + " is looked for in a foreign place");
                    }
                };
        Thread.currentThread().setContextClassLoader(foreign);
        assertThat(encoder.apply(Map.of("a", 1))).isEqualTo("{\"a\":1}");
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(foreign);
        encoder.close();
    }

    /** A price as one text, which JSON-B would not read back by itself. */
    public record Price(String name, int cents) {}

    /** Writes it. */
    public static final class Writer implements JsonbSerializer<Price> {
        @Override
        public void serialize(Price price, JsonGenerator json, SerializationContext context) {
            json.write(price.name() + ":" + price.cents());
        }
    }

    /** Reads it. */
    public static final class Reader implements JsonbDeserializer<Price> {
        @Override
        public Price deserialize(JsonParser json, DeserializationContext context, Type type) {
            String[] parts = json.getString().split(":");
            return new Price(parts[0], Integer.parseInt(parts[1]));
        }
    }

    @Test
    void whatASerializerWritesADeserializerReads() {
        Problems problems = new Problems();
        Values values = new Values(new SmallRyeConfigBuilder().build(), "", problems);
        JsonEncoder encoder =
                JsonEncoder.make(
                        new ApplicationClasses(values),
                        Map.of(),
                        List.of(Writer.class.getName(), Reader.class.getName()),
                        values);
        assertThat(problems.isEmpty()).isTrue();
        String written = encoder.apply(new Price("tea", 250));
        assertThat(written).isEqualTo("\"tea:250\"");
        assertThat(encoder.read(written, Price.class)).isEqualTo(new Price("tea", 250));
        encoder.close();
    }

    @Test
    void noLockIsHeldWhileAProviderIsLookedFor() throws Exception {
        CyclicBarrier bothLook = new CyclicBarrier(2);
        ClassLoader application =
                new ClassLoader(before) {
                    @Override
                    public Enumeration<URL> getResources(String name) throws IOException {
                        if (name.endsWith(JsonbProvider.class.getName())) {
                            meet(bothLook);
                        }
                        return super.getResources(name);
                    }
                };
        Thread.currentThread().setContextClassLoader(application);
        Values values = new Values(new SmallRyeConfigBuilder().build(), "", new Problems());
        JsonEncoder encoder =
                JsonEncoder.make(new ApplicationClasses(values), Map.of(), List.of(), values);
        Running<String> one = Threads.call(() -> encoder.apply(List.of(1)));
        Running<String> other = Threads.call(() -> encoder.apply(List.of(2)));
        assertThat(one.get()).isEqualTo("[1]");
        assertThat(other.get()).isEqualTo("[2]");
        assertThat(encoder.apply(List.of(3))).as("made once and for all").isEqualTo("[3]");
        encoder.close();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(Threads.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("The other thread waits for a lock", e);
        }
    }
}
