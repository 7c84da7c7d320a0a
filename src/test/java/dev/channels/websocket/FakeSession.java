package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.SendMode;
import jakarta.websocket.CloseReason;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** A session whose asynchronous sends end when the test says so, and the others at once. */
final class FakeSession {

    final List<Object> sent = new CopyOnWriteArrayList<>();
    final List<CloseReason> closes = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, MessageHandler.Partial<Object>> input = new HashMap<>();
    private final Queue<SendHandler> handlers = new ArrayDeque<>();
    final Map<String, Object> userProperties = new HashMap<>();
    final List<Object> blockingSent = new ArrayList<>();
    Throwable refusal;
    IOException blockingFailure;
    RuntimeException pingFailure;
    Error closeFailure;

    /** Runs inside of a blocking send. */
    Runnable inBlockingSend = () -> {};

    private MessageHandler.Whole<PongMessage> pongs;
    private final Deque<ByteBuffer> pings = new ArrayDeque<>();
    private long sendTimeout;

    final Session session = proxy(Session.class, new Calls());
    private final RemoteEndpoint.Async remote = proxy(RemoteEndpoint.Async.class, new Calls());

    private final RemoteEndpoint.Basic basicRemote = proxy(RemoteEndpoint.Basic.class, new Calls());

    private static <T> T proxy(Class<T> type, Object target) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) -> {
                            try {
                                return target.getClass()
                                        .getMethod(method.getName(), method.getParameterTypes())
                                        .invoke(target, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    /** Makes its sender. */
    SessionSender sender(SessionEngine engine, SendMode mode, Semaphore blockingSends) {
        return new SessionSender(
                session,
                engine,
                "news",
                new EndpointContext(
                        null,
                        new EndpointSettings(
                                "/",
                                Set.of("news"),
                                false,
                                0,
                                mode,
                                100,
                                Duration.ofSeconds(10),
                                Duration.ZERO),
                        null,
                        new ServiceCache(FakeSession.class.getClassLoader()),
                        blockingSends));
    }

    /** Makes its sender, for an engine of which nothing is known. */
    SessionSender sender(SendMode mode) {
        return sender(SessionEngine.OTHER, mode, new Semaphore(1));
    }

    /** Lets a part of a message come in. */
    void receive(Object part, boolean last) {
        input.get(part.getClass()).onMessage(part, last);
    }

    /** Tells how many pings with a payload wait for a pong. */
    int pings() {
        return pings.size();
    }

    /** Answers the oldest ping that waits. */
    void answerPing() {
        pong(pings.remove());
    }

    /** Lets a pong come in. */
    void pong(ByteBuffer payload) {
        pongs.onMessage(() -> payload);
    }

    /** Completes the oldest send. */
    void complete() {
        handlers.remove().onResult(new SendResult());
    }

    /** Fails the oldest send. */
    void fail(Throwable cause) {
        handlers.remove().onResult(new SendResult(cause));
    }

    long maxIdleTimeout;

    /** What is called of the interfaces. */
    public final class Calls {
        public String getId() {
            return "7";
        }

        public boolean isOpen() {
            return closes.isEmpty();
        }

        public Map<String, Object> getUserProperties() {
            return userProperties;
        }

        public long getMaxIdleTimeout() {
            return maxIdleTimeout;
        }

        public void setMaxIdleTimeout(long timeout) {
            assertThat(maxIdleTimeout).as("no change that makes an engine do work").isPositive();
            maxIdleTimeout = timeout;
        }

        @SuppressWarnings("unchecked")
        public <T> void addMessageHandler(Class<T> type, MessageHandler.Partial<T> handler) {
            input.put(type, (MessageHandler.Partial<Object>) handler);
        }

        @SuppressWarnings("unchecked")
        public <T> void addMessageHandler(Class<T> type, MessageHandler.Whole<T> handler) {
            assertThat(type).isEqualTo(PongMessage.class);
            pongs = (MessageHandler.Whole<PongMessage>) handler;
        }

        public RemoteEndpoint.Async getAsyncRemote() {
            return remote;
        }

        public RemoteEndpoint.Basic getBasicRemote() {
            return basicRemote;
        }

        public void sendText(String text) throws IOException {
            sendBlocking(text);
        }

        public void sendBinary(ByteBuffer data) throws IOException {
            sendBlocking(data);
        }

        private void sendBlocking(Object data) throws IOException {
            inBlockingSend.run();
            if (blockingFailure != null) {
                throw blockingFailure;
            }
            blockingSent.add(data);
        }

        public void setSendTimeout(long timeout) {
            sendTimeout = timeout;
        }

        public void sendPing(ByteBuffer data) throws IOException {
            assertThat(closes).isEmpty();
            if (data.hasRemaining()) {
                inBlockingSend.run();
                if (blockingFailure != null) {
                    throw blockingFailure;
                }
                if (pingFailure != null) {
                    throw pingFailure;
                }
                pings.add(data);
                return;
            }
            sent.add("ping within " + sendTimeout);
        }

        public void close(CloseReason reason) {
            closes.add(reason);
            if (closeFailure != null) {
                throw closeFailure;
            }
        }

        public void sendText(String text, SendHandler handler) throws Throwable {
            send(text, handler);
        }

        public void sendBinary(ByteBuffer data, SendHandler handler) throws Throwable {
            send(data, handler);
        }

        private void send(Object data, SendHandler handler) throws Throwable {
            if (refusal != null) {
                throw refusal;
            }
            sent.add(data);
            handlers.add(handler);
        }
    }
}
