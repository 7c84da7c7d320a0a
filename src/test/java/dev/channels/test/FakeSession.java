package dev.channels.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.endpoint.write.SessionWriter;
import dev.channels.server.KnownServers;
import dev.channels.server.Server;
import dev.channels.server.SessionRemote;
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
import java.util.concurrent.CopyOnWriteArrayList;

/** A session whose asynchronous sends end when the test says so, and the others at once. */
public final class FakeSession {

    /** What its writer is called. */
    public static final String NAME = "WebSocket session 7";

    /** Runs when it is found to be gone. */
    public Runnable gone = () -> {};

    public final List<Object> sent = new CopyOnWriteArrayList<>();
    public final List<CloseReason> closes = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, MessageHandler.Partial<Object>> input = new HashMap<>();
    private final Queue<SendHandler> handlers = new ArrayDeque<>();
    public final Map<String, Object> userProperties = new HashMap<>();
    public final List<Object> blockingSent = new ArrayList<>();
    public Throwable refusal;
    public IOException blockingFailure;
    public RuntimeException pingFailure;
    public Error closeFailure;

    /** Runs inside of a blocking send. */
    public Runnable inBlockingSend = () -> {};

    private MessageHandler.Whole<PongMessage> pongs;
    private final Deque<ByteBuffer> pings = new ArrayDeque<>();
    private long sendTimeout;

    public final Session session = proxy(Session.class, new Calls());
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

    /** Makes its writer, which looks after it often. */
    public SessionWriter writer(Server server) {
        return new SessionWriter(
                server.remote(session), NAME, Duration.ofSeconds(10), Duration.ofSeconds(1), gone);
    }

    /** Makes its remote, for a server of which nothing is known. */
    public SessionRemote remote() {
        return KnownServers.of(this).remote(session);
    }

    /** Lets a part of a message come in. */
    public void receive(Object part, boolean last) {
        input.get(part.getClass()).onMessage(part, last);
    }

    /** Tells how many pings with a payload wait for a pong. */
    public int pings() {
        return pings.size();
    }

    /** Answers the oldest ping that waits. */
    public void answerPing() {
        pong(pings.remove());
    }

    /** Lets a pong come in. */
    public void pong(ByteBuffer payload) {
        pongs.onMessage(() -> payload);
    }

    /** Completes the oldest send. */
    public void complete() {
        handlers.remove().onResult(new SendResult());
    }

    /** Fails the oldest send. */
    public void fail(Throwable cause) {
        handlers.remove().onResult(new SendResult(cause));
    }

    public long maxIdleTimeout;
    public boolean isOpen = true;

    /** What is called of the interfaces. */
    public final class Calls {
        public String getId() {
            return "7";
        }

        public boolean isOpen() {
            return isOpen && closes.isEmpty();
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
            if (!data.hasRemaining()) {
                sent.add("ping within " + sendTimeout);
                return;
            }
            inBlockingSend.run();
            if (blockingFailure != null) {
                throw blockingFailure;
            }
            if (pingFailure != null) {
                throw pingFailure;
            }
            pings.add(data);
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
