// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {SeaPurse} from "../src/SeaPurse.sol";
import {PurseTest} from "./PurseTest.sol";

contract RejectingReceiver {
    receive() external payable {
        revert("no");
    }
}

/// @notice Burns all the gas it is given.
contract BurningReceiver {
    receive() external payable {
        for (;;) {}
    }
}

/// @notice Answers with more than its caller could afford to copy.
contract FloodingReceiver {
    receive() external payable {
        assembly {
            revert(0, 100000)
        }
    }
}

/// @notice About as dear as a receiver may be: four new slots, 88,000 of the 100,000 that it is given.
contract DearReceiver {
    uint256[4] private slots;

    receive() external payable {
        for (uint256 i = 0; i < 4; i++) {
            slots[i] = msg.value;
        }
    }
}

/// @notice Calls the purse again when it is paid, and keeps the answer.
contract ReentrantReceiver {
    bytes private _data;
    bytes public reason;

    function prepare(bytes calldata data) external {
        _data = data;
    }

    function take(SeaPurse purse) external {
        purse.take();
    }

    receive() external payable {
        (bool ok, bytes memory said) = msg.sender.call(_data);
        require(!ok, "reentered");
        reason = said;
    }
}

/// @notice Native coin to receivers that are contracts: none can hold up a call, and none is robbed by little gas.
contract ReceiversTest is PurseTest {
    function test_receiver_rejects_paymentIsOwed() public {
        payTo(address(new RejectingReceiver()).code);
        vm.expectEmit(address(purse));
        emit ISeaPurse.Owed(payee, 1 ether);
        redeem(1 ether);
        assertEq(purse.owed(payee), 1 ether, "owed");
        assertEq(lane().paid, 1 ether, "paid");
        vm.prank(payee);
        vm.expectRevert(ISeaPurse.TransferFailed.selector);
        purse.take();
        assertEq(purse.owed(payee), 1 ether, "still owed");
        vm.etch(payee, "");
        vm.prank(payee);
        purse.take();
        assertEq(payee.balance, 1 ether, "taken");
    }

    function test_receiver_rejects_batchGoesOn() public {
        payTo(address(new RejectingReceiver()).code);
        purse.redeemBatch(payee, bytes.concat(packed(1 ether), packed(2 ether)));
        assertEq(purse.owed(payee), 2 ether, "owed");
    }

    function test_receiver_rejects_withdrawalAndReleaseAreOwed() public {
        open();
        reserve(1 ether, NOW + 100);
        vm.etch(payer, address(new RejectingReceiver()).code);
        close();
        assertEq(purse.owed(payer), 9 ether, "withdrawal");
        vm.warp(NOW + 101 + DELAY);
        purse.release(payer, key, payee, LANE);
        assertEq(purse.owed(payer), 10 ether, "release");
    }

    function test_receiver_burnsGas_costIsBounded() public {
        payTo(address(new BurningReceiver()).code);
        uint256 before = gasleft();
        redeem(1 ether);
        assertTrue(before - gasleft() < 250_000, "bounded");
        assertEq(purse.owed(payee), 1 ether, "owed");
    }

    function test_receiver_floods_costIsBounded() public {
        payTo(address(new FloodingReceiver()).code);
        uint256 before = gasleft();
        redeem(1 ether);
        assertTrue(before - gasleft() < 250_000, "bounded");
        assertEq(purse.owed(payee), 1 ether, "owed");
    }

    function test_receiver_rejectsFee_claimGoesOn() public {
        open();
        address relayer = address(new RejectingReceiver());
        ISeaPurse.Claim memory c = ISeaPurse.Claim(payer, key, LANE, stranger, 1, false, NEVER);
        ISeaPurse.Voucher memory v = voucherOf(1 ether);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(v));
        ISeaPurse.Signature memory byPayee = sign(PAYEE, address(purse), hashOf(c));
        vm.prank(relayer);
        purse.claimFor(v, byKey, c, byPayee, 1);
        assertEq(purse.owed(relayer), 1, "owed");
        assertEq(stranger.balance, 1 ether - 1, "receiver");
    }

    function test_receiver_reenters() public {
        open();
        payTo(address(new ReentrantReceiver()).code, false);
        ISeaPurse.Voucher memory v = voucherOf(2 ether);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(v));
        bytes4 guarded = bytes4(keccak256("ReentrancyGuardReentrantCall()"));
        bytes[7] memory calls = [
            abi.encodeCall(purse.redeem, (v, byKey)),
            abi.encodeCall(purse.redeemBatch, (payee, pack(v, byKey))),
            abi.encodeCall(purse.take, ()),
            abi.encodeCall(purse.open, (key, 0, 0)),
            abi.encodeCall(purse.requestUnlock, (key)),
            abi.encodeCall(purse.withdraw, (key)),
            abi.encodeCall(purse.release, (payer, key, payee, LANE))
        ];
        for (uint96 i = 0; i < calls.length; i++) {
            ReentrantReceiver(payable(payee)).prepare(calls[i]);
            redeem(0.1 ether * (i + 1));
            bytes memory reason = ReentrantReceiver(payable(payee)).reason();
            assertEq(bytes32(bytes4(reason)), bytes32(guarded), "guarded");
        }
        assertEq(payee.balance, 0.7 ether, "payee");
    }

    /// @notice A stranger who gives a call just too little gas must not turn a payment into a debt: whatever the limit,
    /// the payment is made or nothing happens.
    function test_receiver_isNotRobbedByLittleGas() public {
        payTo(address(new DearReceiver()).code);
        ISeaPurse.Voucher memory v = voucherOf(1 ether);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(v));
        uint256 refused = 0;
        uint256 paid = 0;
        for (uint256 gas = 40_000; gas < 320_000; gas += 1_000) {
            uint256 snapshot = vm.snapshotState();
            try purse.redeem{gas: gas}(v, byKey) {
                assertEq(payee.balance, 1 ether, "paid");
                assertEq(purse.owed(payee), 0, "not owed");
                paid++;
            } catch {
                refused++;
            }
            vm.revertToStateAndDelete(snapshot);
        }
        assertTrue(refused > 0 && paid > 0, "both happen");
        vm.expectRevert(ISeaPurse.NotEnoughGas.selector);
        purse.redeem{gas: 180_000}(v, byKey);
    }

    /// @notice An account without code needs no such margin.
    function test_receiver_withoutCodeNeedsLittleGas() public {
        open();
        ISeaPurse.Voucher memory v = voucherOf(1 ether);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(v));
        purse.redeem{gas: 110_000}(v, byKey);
        assertEq(payee.balance, 1 ether, "payee");
    }

    function payTo(bytes memory code) private {
        payTo(code, true);
    }

    /// @notice Gives the payee code, as a delegated account has it; opens the purse if need be.
    function payTo(bytes memory code, bool needsPurse) private {
        if (needsPurse) open();
        vm.etch(payee, code);
    }
}
