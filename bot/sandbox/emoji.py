"""The emoji names that can be reacted with: the common ones, since a typo in a name must not go unseen."""

import re

NAMES = frozenset(
    """
    +1 -1 100 1234 a ab abacus abcd accordion adhesive_bandage admission_tickets alarm_clock alien ambulance
    anatomical_heart anchor angry anguished ant apple arrow_backward arrow_double_down arrow_double_up
    arrow_down arrow_down_small arrow_forward arrow_heading_down arrow_heading_up arrow_left
    arrow_lower_left arrow_lower_right arrow_right arrow_right_hook arrow_up arrow_up_down arrow_up_small
    arrow_upper_left arrow_upper_right arrows_clockwise arrows_counterclockwise art astonished back balloon
    ballot_box_with_ballot ballot_box_with_check bangbang bank bar_chart battery bed beer bell bike
    biohazard_sign bird black_circle black_circle_for_record black_large_square
    black_left_pointing_double_triangle_with_vertical_bar
    black_right_pointing_double_triangle_with_vertical_bar black_square black_square_for_stop blue_book
    blue_heart blush boat bomb bone book bookmark books boom bow brain bread briefcase broken_heart broom
    bug building_construction bulb bullettrain_front burrito bus busts_in_silhouette butterfly cactus cake
    calendar calling camera candle car card_file_box card_index card_index_dividers cat chart
    chart_with_downwards_trend chart_with_upwards_trend checkered_flag chequered_flag cherries chess_pawn
    cinema clap clapper classical_building clipboard clock1 clock10 clock11 clock12 clock130 clock2 clock3
    clock4 clock5 clock6 clock7 clock8 clock9 closed_book closed_lock_with_key cloud coffee coffin
    cold_sweat collision compass compression computer confetti_ball confused construction
    construction_worker control_knobs cookie cool copyright couch_and_lamp credit_card crescent_moon
    crossed_fingers crossed_swords crown cry crying_cat_face crystal_ball curly_loop cyclone dancer dart
    dash date desktop_computer detective diamond_shape_with_a_dot_inside dice disappointed disguised_face
    dizzy dizzy_face dna dog dollar door double_vertical_bar drop_of_blood droplet e-mail ear earth_africa
    earth_americas earth_asia egg eight eject electric_plug elephant email end envelope envelope_with_arrow
    exclamation exploding_head expressionless eye eyeglasses eyes face_palm face_with_monocle
    face_with_raised_eyebrow face_with_rolling_eyes face_with_thermometer facepunch factory fallen_leaf
    fast_forward fax fearful female-doctor file_cabinet file_folder film_frames fire fire_engine
    fire_extinguisher firecracker first_aid fish fist five flags flashlight floppy_disk flushed fog foggy
    fork_and_knife four four_leaf_clover free frowning gear gem ghost gift globe_with_meridians goal_net
    green_apple green_book green_heart grey_exclamation grey_question grimacing grin grinning guitar hammer
    hammer_and_pick hammer_and_wrench hand hand_with_index_finger_and_thumb_crossed handshake hankey
    hatching_chick headphones hear_no_evil heart heart_eyes heartbeat heavy_check_mark heavy_division_sign
    heavy_dollar_sign heavy_exclamation_mark heavy_heart_exclamation_mark_ornament heavy_minus_sign
    heavy_multiplication_x heavy_plus_sign helicopter helmet_with_white_cross herb high_brightness hole
    hospital hot_face hotsprings hourglass hourglass_flowing_sand house hugging_face hushed ice_cube id
    inbox_tray incoming_envelope information_source innocent interrobang jigsaw joy joystick judge key
    keyboard kiss kissing knot lab_coat label ladder lady_beetle lantern large_blue_circle large_blue_square
    large_brown_circle large_green_circle large_green_square large_orange_circle large_orange_square
    large_purple_circle large_red_square large_yellow_circle large_yellow_square laughing leaves ledger
    left_right_arrow leftwards_arrow_with_hook level_slider lightning link linked_paperclips lock
    lock_with_ink_pen locked long_drum loop loud_sound loudspeaker low_brightness lower_left_fountain_pen
    lungs mag mag_right magnet mailbox male-doctor man_in_lotus_position mantelpiece_clock map mask
    mechanical_arm medal medical_symbol mega memo microphone microscope minidisc money_with_wings moneybag
    moon mortar_board motorway mountain mouse movie_camera muscle musical_note mute name_badge
    nauseated_face necktie negative_squared_cross_mark neutral_face new newspaper night_with_stars nine
    no_bell no_entry no_entry_sign no_good no_mouth notebook notes nut_and_bolt o ocean octagonal_sign
    octopus ok ok_hand ok_woman old_key on one open_book open_file_folder open_mouth orange_book
    orange_heart outbox_tray owl package page_facing_up page_with_curl pager paperclip partly_sunny
    party_popper partying_face passport_control pause_button paw_prints peace_symbol pencil pencil2 penguin
    pensive performing_arts persevere petri_dish phone pie pill pinched_fingers pinching_hand pineapple
    pizza placard play_or_pause_button point_down point_left point_right point_up point_up_2 police_car poop
    postbox pouch pray printer punch purple_heart purse pushpin question rabbit racing_car radio
    radio_button radioactive_sign rage rainbow raised_hand raised_hands raising_hand receipt recycle
    red_circle red_envelope registered relaxed relieved repeat repeat_one rescue_worker_helmet rewind ribbon
    ringed_planet robot_face rocket roll_of_paper rolled_up_newspaper rolling_on_the_floor_laughing rose
    rotating_light round_pushpin rowboat running sad safety_pin safety_vest salt saluting_face satellite
    satellite_antenna scales school scientist scissors scream scroll see_no_evil seedling seven shaking_face
    shield ship shopping_bags shower shrug sign_of_the_horns simple_smile siren six skull
    skull_and_crossbones sleeping sleeping_accommodation sleepy slightly_frowning_face slightly_smiling_face
    small_blue_diamond small_orange_diamond small_red_triangle small_red_triangle_down smile smiley
    smiling_face_with_tear smirk smoking snail snake sneezing_face snowflake snowman sob soccer soon sos
    sound space_invader spades sparkle sparkles sparkling_heart speak_no_evil speaker speech_balloon spider
    spider_web spiral_calendar_pad spiral_note_pad sponge star star-struck star2 stars stethoscope stopwatch
    straight_ruler sun_with_face sunflower sunglasses sunny sunrise sunrise_over_mountains sweat sweat_drops
    sweat_smile syringe t-rex taco tada tangerine tangerine_fruit taxi tea telephone telephone_receiver
    telescope test_tube the_horns thermometer thinking_face thought_balloon three thumbsdown thumbsup
    thunder_cloud_and_rain ticket timer_clock tired_face toolbox tooth top trackball traffic_light train
    triangular_flag_on_post triangular_ruler trophy truck turtle twisted_rightwards_arrows two two_hearts
    umbrella unamused unicorn_face unlock up upside_down_face v vertical_traffic_light vibration_mode
    video_camera video_game vs walking warning wastebasket watch wave wavy_dash white_check_mark
    white_circle white_heart white_large_square white_square wilted_flower wind_chime wine_glass wink
    world_map worried wrench writing_hand x x-ray yawning_face yellow_heart yum zap zero zipper_mouth_face
    zombie zzz
    """.split()  # noqa: SIM905 - a paragraph of names reads better than six hundred quoted strings.
)
NAME = re.compile(r"^([a-z0-9_+'-]+?)(::skin-tone-[2-6])?$")


def is_emoji(name: str) -> bool:
    """Whether Slack knows that emoji, with or without a skin tone."""
    match = NAME.match(name)
    return match is not None and match[1] in NAMES
