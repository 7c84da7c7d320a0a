package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AsyncResponseTest {

    /** A stream that is ready for so many calls, and then says so when it is asked for more. */
    private static final class Stream extends ServletOutputStream {

        private final ByteArrayOutputStream left = new ByteArrayOutputStream();
        private final ByteArrayOutputStream buffered = new ByteArrayOutputStream();
        private int ready;
        private boolean asked;
        private boolean fails;
        private @Nullable WriteListener listener;

        @Override
        public boolean isReady() {
            asked = ready > 0;
            return asked;
        }

        @Override
        public void setWriteListener(WriteListener first) {
            listener = first;
        }

        private void use() throws IOException {
            if (!asked) {
                throw new IllegalStateException("It was not asked whether it is ready");
            }
            asked = false;
            ready--;
            if (fails) {
                throw new IOException("The client is gone");
            }
        }

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            use();
            buffered.writeBytes(bytes);
        }

        @Override
        public void flush() throws IOException {
            use();
            left.writeBytes(buffered.toByteArray());
            buffered.reset();
        }

        /** The container finds that it can take so many calls more. */
        void becomesReady(int calls) throws IOException {
            ready = calls;
            if (listener == null) {
                throw new IllegalStateException("Nobody listens");
            }
            listener.onWritePossible();
        }

        String text() {
            return left.toString(StandardCharsets.UTF_8);
        }
    }

    private static final int FOREVER = Integer.MAX_VALUE;

    private final Stream stream = new Stream();
    private final List<String> told = new ArrayList<>();
    private int completed;
    private @Nullable AsyncListener listener;
    private final AsyncResponse response = new AsyncResponse(context());
    private @Nullable String next;

    AsyncResponseTest() throws IOException {}

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
                            switch (method.getName()) {
                                case "getResponse" -> {
                                    return answer;
                                }
                                case "getRequest" -> {
                                    return null;
                                }
                                case "addListener" -> listener = (AsyncListener) arguments[0];
                                case "complete" -> {
                                    if (completed++ > 0) {
                                        throw new IllegalStateException("It is complete");
                                    }
                                }
                                default -> throw new UnsupportedOperationException();
                            }
                            return null;
                        });
    }

    private void begin() {
        response.begin(
                new ResponseRemote.Owner() {
                    @Override
                    public void written() {
                        told.add("written");
                        String more = next;
                        next = null;
                        if (more != null) {
                            write(more);
                        }
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
    void nothingIsWrittenBeforeTheContainerSaysSo() throws Exception {
        write("a");
        begin();
        stream.ready = FOREVER;
        assertThat(stream.text()).isEmpty();
        stream.becomesReady(FOREVER);
        assertThat(stream.text()).isEqualTo("a");
        assertThat(told).containsExactly("written");
        write("b");
        write("c");
        assertThat(stream.text()).isEqualTo("abc");
        assertThat(told).hasSize(3);
    }

    @Test
    void writeHasEndedWhenTheStreamIsReadyOnceMore() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        stream.ready = 0;
        write("a");
        assertThat(told).isEmpty();
        // One call at a time: the write, the flush, and then the look.
        stream.becomesReady(1);
        assertThat(stream.text()).isEmpty();
        stream.becomesReady(1);
        assertThat(stream.text()).isEqualTo("a");
        assertThat(told).isEmpty();
        stream.becomesReady(1);
        assertThat(told).containsExactly("written");
    }

    @Test
    void ownerMayWriteWhenItIsTold() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        next = "b";
        write("a");
        assertThat(stream.text()).isEqualTo("ab");
        assertThat(told).containsExactly("written", "written");
    }

    @Test
    void callOfTheContainerWithNothingToWriteDoesNoHarm() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        stream.becomesReady(FOREVER);
        write("a");
        assertThat(stream.text()).isEqualTo("a");
    }

    @Test
    void failureIsTold() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        stream.fails = true;
        write("a");
        assertThat(told).containsExactly("failed");
        assertThat(response.isOpen()).isFalse();
        write("b");
        assertThat(told).containsExactly("failed");
    }

    @Test
    void failureThatOnlyTheContainerSeesIsTold() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        if (listener == null) {
            throw new IllegalStateException("Nobody listens");
        }
        listener.onError(new AsyncEvent(response.context(), new IOException("Gone")));
        assertThat(told).containsExactly("failed");
        assertThat(response.isOpen()).isFalse();
    }

    @Test
    void closeCompletesOnceAndThrowsNever() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        response.close();
        response.giveUp();
        write("a");
        assertThat(completed).isEqualTo(2);
        assertThat(stream.text()).isEmpty();
        assertThat(told).isEmpty();
    }
}
