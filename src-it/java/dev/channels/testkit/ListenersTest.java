package dev.channels.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.PatientWaits;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherSessionListener;

class ListenersTest {

    /** Two files of that name in two folders of resources would be one of them. */
    @Test
    void allAreRegistered() {
        assertThat(ServiceLoader.load(LauncherSessionListener.class))
                .hasOnlyElementsOfTypes(LeftoverServers.class, OwnServer.class, PatientWaits.class)
                .hasSize(3);
    }
}
