package dev.channels.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.config.Problems;
import dev.channels.config.Values;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URL;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
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
}
