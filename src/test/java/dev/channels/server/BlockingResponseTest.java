package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlockingResponseTest {

    private final List<String> told = new ArrayList<>();
    private @Nullable Runnable meanwhile;
    private boolean fails;
    private int begun;

    private final ServletOutputStream stream =
            new ServletOutputStream() {
                @Override
                public boolean isReady() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void setWriteListener(@Nullable WriteListener listener) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void write(int b) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void write(byte[] bytes) throws IOException {
                    if (meanwhile != null) {
                        meanwhile.run();
                    }
                    if (fails) {
                        throw new IOException("The client is gone");
                    }
                    told.add(new String(bytes, StandardCharsets.UTF_8));
                }

                @Override
                public void flush() {
                    told.add("flushed");
                }
            };

    private final BlockingWrites writes = new BlockingWrites(1);
    private final BlockingResponse response = new BlockingResponse(context(), writes);

    BlockingResponseTest() throws IOException {}

    private AsyncContext context() {
        ServletResponse answer =
                (ServletResponse)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {ServletResponse.class},
                                (self, method, arguments) -> stream);
        return (AsyncContext)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {AsyncContext.class},
                        (self, method, arguments) -> {
                            if (method.getName().equals("complete")) {
                                told.add("completed");
                            }
                            return method.getName().equals("getResponse") ? answer : null;
                        });
    }

    private void begin() {
        response.begin(
                new ResponseRemote.Owner() {
                    @Override
                    public void begins() {
                        begun++;
                    }

                    @Override
                    public void written() {
                        told.add("written");
                    }

                    @Override
                    public void failed(Throwable cause) {
                        told.add("failed");
                    }
                });
    }

    private void write(String text) {
        response.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void writeBeforeTheBeginningIsItsFirst() {
        write("a");
        assertThat(told).isEmpty();
        begin();
        write("b");
        assertThat(told).containsExactly("a", "flushed", "written", "b", "flushed", "written");
    }

    @Test
    void endWaitsForTheWriteThatBlocks() {
        begin();
        meanwhile =
                () -> {
                    response.giveUp();
                    response.close();
                    assertThat(told).isEmpty();
                    assertThat(response.isOpen()).isFalse();
                };
        write("a");
        assertThat(told).containsExactly("a", "flushed", "completed");
        write("b");
        assertThat(told).hasSize(3);
    }

    /** The server may give its context to another request by then. */
    @Test
    void nothingIsEndedTwice() {
        begin();
        write("a");
        told.clear();
        response.close();
        response.giveUp();
        assertThat(told).containsExactly("completed");
    }

    @Test
    void writeThatFailsAfterAllIsTheEndToo() {
        begin();
        fails = true;
        meanwhile = response::giveUp;
        write("a");
        assertThat(told).containsExactly("completed");
    }

    @Test
    void failureIsTold() {
        begin();
        fails = true;
        write("a");
        assertThat(told).containsExactly("failed");
        response.close();
        assertThat(told).containsExactly("failed", "completed");
    }

    @Test
    void errorEndsTheResponseAndKeepsNoThread() {
        begin();
        meanwhile =
                () -> {
                    throw new NoClassDefFoundError("while the application is undeployed");
                };
        write("a");
        assertThat(told).containsExactly("failed");
        response.close();
        assertThat(told).containsExactly("failed", "completed");
        writes.run(() -> told.add("another's"));
        assertThat(told).endsWith("another's");
    }

    @Test
    void writeBeginsWhenThoseBeforeItHaveLeft() {
        begin();
        writes.run(
                () -> {
                    write("a");
                    assertThat(begun).as("while it waits").isZero();
                    told.add("waited");
                });
        assertThat(begun).isEqualTo(1);
        assertThat(told).containsExactly("waited", "a", "flushed", "written");
    }
}
