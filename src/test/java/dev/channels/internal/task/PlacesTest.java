package dev.channels.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.internal.task.Places.Place;
import org.junit.jupiter.api.Test;

final class PlacesTest {

    private static final long KEPT = 10;

    @Test
    void thereAreSoManyPlaces() {
        Places places = new Places(2, 0, KEPT);
        assertThat(places.take()).isTrue();
        assertThat(places.take()).isTrue();
        assertThat(places.take()).isFalse();
        places.giveBack();
        assertThat(places.take()).isTrue();
    }

    @Test
    void anotherTaskIsWorthWhatThoseAtWorkAreNotGoodFor() {
        Places places = new Places(3, 10, KEPT);
        assertThat(places.takeFor(0)).isFalse();
        assertThat(places.takeFor(1)).isTrue();
        assertThat(places.takeFor(10)).isFalse();
        assertThat(places.takeFor(11)).isTrue();
        assertThat(places.takeFor(20)).isFalse();
        assertThat(places.takeFor(21)).isTrue();
        assertThat(places.takeFor(1_000)).as("beyond the bound").isFalse();
    }

    @Test
    void aThreadThatWaitsLetsOneMoreWork() {
        Places places = new Places(1, 10, KEPT);
        assertThat(places.take()).isTrue();
        places.park();
        assertThat(places.takeFor(1)).as("for one job, though it is few").isTrue();
        assertThat(places.take()).isFalse();
        places.unpark();
        assertThat(places.isOneTooMany()).isTrue();
        places.giveBack();
        assertThat(places.isOneTooMany()).isFalse();
    }

    @Test
    void aTaskThatIsKeptLetsOneMoreWork() {
        Places places = new Places(1, 0, KEPT);
        assertThat(places.take()).isTrue();
        Place place = new Place();
        places.beginBlocking(place, 100);
        assertThat(places.isAnyBlocking()).isTrue();
        places.look(100 + KEPT);
        assertThat(places.takeFor(1)).as("after no more than the bound").isFalse();
        places.look(101 + KEPT);
        places.look(102 + KEPT);
        assertThat(places.takeFor(1)).isTrue();
        assertThat(places.takeFor(1)).as("kept once, however often it is looked at").isFalse();
        places.endBlocking(place);
        places.endBlocking(place);
        assertThat(places.isAnyBlocking()).isFalse();
        assertThat(places.isOneTooMany()).isTrue();
        places.giveBack();
        assertThat(places.isOneTooMany()).isFalse();
        places.beginBlocking(place, 200);
        places.look(205);
        assertThat(places.take()).as("a quick one of the same task").isFalse();
    }
}
