package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.config.Problems;
import dev.channels.config.Values;
import dev.channels.test.Threads;
import dev.channels.test.Threads.Running;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.json.bind.spi.JsonbProvider;
import java.io.IOException;
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
        JsonEncoder encoder = JsonEncoder.make(new ApplicationClasses(values), List.of(), values);
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
        JsonEncoder encoder = JsonEncoder.make(new ApplicationClasses(values), List.of(), values);
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
