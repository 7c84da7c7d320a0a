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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
        private @Nullable Runnable meanwhile;
        private final AtomicInteger users = new AtomicInteger();
        private final AtomicInteger overlaps = new AtomicInteger();
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
            if (users.getAndIncrement() > 0) {
                overlaps.incrementAndGet();
            }
            if (meanwhile != null) {
                meanwhile.run();
            }
            users.decrementAndGet();
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
    private volatile int completed;
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
                    public void begins() {}

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
    void errorIsAFailureToo() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        stream.meanwhile =
                () -> {
                    throw new NoClassDefFoundError("while the application is undeployed");
                };
        write("a");
        assertThat(told).containsExactly("failed");
        response.close();
        assertThat(completed).isEqualTo(1);
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
    void endThatTheServerHasBroughtAboutItselfDoesNoHarm() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        completed = 1;
        response.close();
        assertThat(response.isOpen()).isFalse();
    }

    @Test
    void endIsLeftToTheThreadThatWrites() throws Exception {
        endWhileAThreadWrites(response::close);
        assertThat(told).isEmpty();
    }

    @Test
    void failureIsToldAtOnceAndItsEndIsLeftToTheThreadThatWrites() throws Exception {
        endWhileAThreadWrites(
                () -> {
                    response.onError(new IOException("Gone"));
                    response.close();
                });
        assertThat(told).isNotEmpty().containsOnly("failed");
    }

    private void endWhileAThreadWrites(Runnable end) throws Exception {
        CountDownLatch within = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        begin();
        stream.becomesReady(FOREVER);
        stream.meanwhile =
                () -> {
                    within.countDown();
                    await(held);
                };
        Thread writer = new Thread(() -> write("a"));
        writer.start();
        await(within);
        end.run();
        end.run();
        assertThat(response.isOpen()).isFalse();
        assertThat(completed).as("while it is written").isZero();
        held.countDown();
        writer.join();
        assertThat(completed).isEqualTo(1);
        response.close();
        assertThat(completed).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void endWithinTheWriteOfTheSameThreadIsLeftToItToo() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        stream.meanwhile =
                () -> {
                    response.giveUp();
                    assertThat(completed).isZero();
                };
        write("a");
        assertThat(completed).isEqualTo(1);
    }

    @Test
    void writeThatFailsAfterTheEndEndsOnce() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        stream.fails = true;
        stream.meanwhile = response::close;
        write("a");
        assertThat(completed).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void writeOfAnotherThreadDoesNotOverlapTheOneThatReturns() throws Exception {
        Semaphore turn = new Semaphore(1);
        response.begin(
                new ResponseRemote.Owner() {
                    @Override
                    public void begins() {}

                    @Override
                    public void written() {
                        turn.release();
                    }

                    @Override
                    public void failed(Throwable cause) {
                        stream.overlaps.incrementAndGet();
                        turn.release();
                    }
                });
        stream.becomesReady(FOREVER);
        Runnable turns =
                () -> {
                    for (int i = 0; i < 100_000 && response.isOpen(); i++) {
                        turn.acquireUninterruptibly();
                        write("");
                    }
                };
        Thread other = new Thread(turns);
        other.start();
        turns.run();
        other.join();
        assertThat(stream.overlaps).hasValue(0);
    }

    @Test
    void closeCompletesOnce() throws Exception {
        begin();
        stream.becomesReady(FOREVER);
        response.close();
        response.giveUp();
        write("a");
        assertThat(completed).isEqualTo(1);
        assertThat(stream.text()).isEmpty();
        assertThat(told).isEmpty();
    }
}
