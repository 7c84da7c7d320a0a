package dev.channels.backend.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.matrix.TestedBroker;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelRules;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.contract.ChannelsBackendContract;
import dev.channels.spi.contract.Outage;
import dev.channels.spi.contract.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;

/** The contract, kept by one of the backends with a Redis of the test's own. */
abstract class RedisContract extends ChannelsBackendContract {

    static final int HISTORY = 2_000;

    private static RedisBroker broker;

    private final BackendFactory factory;
    private final Promise promise;

    RedisContract(BackendFactory factory, Promise promise) {
        this.factory = factory;
        this.promise = promise;
    }

    @BeforeAll
    static void startBroker(TestInfo test) throws IOException {
        Class<?> tests = test.getTestClass().orElseThrow();
        OnInstalled on = tests.getAnnotation(OnInstalled.class);
        if (on == null) {
            broker = new RedisBroker();
            TestedBroker.note(RedisContract.class.getPackageName(), broker.product());
        } else {
            Optional<Path> executable = RedisBroker.installed(on.value());
            assumeTrue(
                    executable.isPresent(),
                    "There is no "
                            + on.value()
                            + " on the path, and -D"
                            + on.value().replace('-', '.')
                            + " names none");
            broker = new RedisBroker(executable.get());
            TestedBroker.note(tests.getName(), broker.product());
        }
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }

    @Override
    protected ChannelsBackend newBackend() {
        return newBackend("contract", ChannelRules.none());
    }

    @Override
    protected Optional<ChannelsBackend> newBackend(ChannelRules<BackendSettings> policies) {
        return Optional.of(newBackend("contract", policies));
    }

    @Override
    protected Optional<ChannelsBackend> newForeignBackend() {
        return Optional.of(newBackend("contract:other", ChannelRules.none()));
    }

    private ChannelsBackend newBackend(String prefix, ChannelRules<BackendSettings> policies) {
        return broker.settings()
                .with("key-prefix", prefix)
                .with("history", HISTORY)
                .create(factory, policies);
    }

    @Override
    protected Promise promise() {
        return promise;
    }

    @Override
    protected boolean keepsPresence() {
        return true;
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(new RedisOutage(broker));
    }
}
