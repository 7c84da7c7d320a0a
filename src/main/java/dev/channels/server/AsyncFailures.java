package dev.channels.server;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.util.function.Consumer;

/** Tells of everything after which nothing can be written to a response any more. */
final class AsyncFailures implements AsyncListener {

    private final Consumer<Throwable> told;

    AsyncFailures(Consumer<Throwable> told) {
        this.told = told;
    }

    @Override
    public void onError(AsyncEvent event) {
        Throwable cause = event.getThrowable();
        told.accept(cause != null ? cause : new IOException("The response has failed"));
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        told.accept(new IOException("The response has run into a time-out"));
    }

    @Override
    public void onComplete(AsyncEvent event) {
        told.accept(new IOException("The response has ended"));
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
