package dev.channels.test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.streams.operators.spi.Graph;
import org.eclipse.microprofile.reactive.streams.operators.spi.ReactiveStreamsEngine;
import org.eclipse.microprofile.reactive.streams.operators.spi.Stage;
import org.eclipse.microprofile.reactive.streams.operators.spi.SubscriberWithCompletionStage;
import org.reactivestreams.Processor;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/** Takes out of a graph of one stage what was put in. */
public final class OneStageEngine implements ReactiveStreamsEngine {

    @Override
    @SuppressWarnings("unchecked")
    public <T> Publisher<T> buildPublisher(Graph graph) {
        return (Publisher<T>) ((Stage.PublisherStage) only(graph)).getRsPublisher();
    }

    @Override
    public <T, R> SubscriberWithCompletionStage<T, R> buildSubscriber(Graph graph) {
        return new SubscriberWithCompletionStage<>() {
            @Override
            public CompletionStage<R> getCompletion() {
                return new CompletableFuture<>();
            }

            @Override
            @SuppressWarnings("unchecked")
            public Subscriber<T> getSubscriber() {
                return (Subscriber<T>) ((Stage.SubscriberStage) only(graph)).getRsSubscriber();
            }
        };
    }

    private static Stage only(Graph graph) {
        if (graph.getStages().size() != 1) {
            throw new IllegalArgumentException("Not one stage: " + graph.getStages());
        }
        return graph.getStages().iterator().next();
    }

    @Override
    public <T, R> Processor<T, R> buildProcessor(Graph graph) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletionStage<T> buildCompletion(Graph graph) {
        throw new UnsupportedOperationException();
    }
}
